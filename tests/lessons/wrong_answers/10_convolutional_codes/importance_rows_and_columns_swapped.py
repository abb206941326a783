"""Axes in another order (B13)."""

import numpy as np
from solution import *

LOSES = ("test_importance",)
SAYS = "rows and columns of the code are swapped"


def importance(codes, pictures, decode):
    before = squared_error(decode(codes), pictures)
    found = np.zeros(codes.shape[1:])
    for place in np.ndindex(found.shape):
        without = codes.copy()
        without[:, *place] = codes[:, *place].mean()
        found[place] = squared_error(decode(without), pictures) - before
    return found.swapaxes(1, 2)
