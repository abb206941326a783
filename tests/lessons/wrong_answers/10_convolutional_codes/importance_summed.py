"""Summed through the pictures."""

import numpy as np
from solution import *

LOSES = ("test_importance",)
SAYS = "the mean is asked"


def importance(codes, pictures, decode):
    before = squared_error(decode(codes), pictures)
    found = np.zeros(codes.shape[1:])
    for place in np.ndindex(found.shape):
        without = codes.copy()
        without[:, *place] = codes[:, *place].mean()
        found[place] = squared_error(decode(without), pictures) - before
    return found * len(codes)
