"""0 in place of the mean."""

import numpy as np
from solution import *

LOSES = ("test_importance",)
SAYS = "set it to its mean"


def importance(codes, pictures, decode):
    before = squared_error(decode(codes), pictures)
    found = np.zeros(codes.shape[1:])
    for place in np.ndindex(found.shape):
        without = codes.copy()
        without[:, *place] = 0
        found[place] = squared_error(decode(without), pictures) - before
    return found
