"""Numbers stay switched off."""

import numpy as np
from solution import *

LOSES = ("test_importance",)
SAYS = "numbers that were set stay so"


def importance(codes, pictures, decode):
    before = squared_error(decode(codes), pictures)
    found = np.zeros(codes.shape[1:])
    without = codes.copy()
    for place in np.ndindex(found.shape):
        without[:, *place] = codes[:, *place].mean()
        found[place] = squared_error(decode(without), pictures) - before
    return found
