"""A loop with the sizes of the other axis (B13)."""

import numpy as np
from solution import *

LOSES = ("test_importance",)
SAYS = "raised"


def importance(codes, pictures, decode):
    before = squared_error(decode(codes), pictures)
    found = np.zeros((codes.shape[1], codes.shape[3], codes.shape[2]))
    for place in np.ndindex(found.shape):
        without = codes.copy()
        without[:, *place] = codes[:, *place].mean()
        found[place] = squared_error(decode(without), pictures) - before
    return found
