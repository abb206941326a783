"""Compared with the decoded pictures."""

import numpy as np
from solution import *

LOSES = ("test_importance",)
SAYS = "compare them with the given pictures"


def importance(codes, pictures, decode):
    found = np.zeros(codes.shape[1:])
    for place in np.ndindex(found.shape):
        without = codes.copy()
        without[:, *place] = codes[:, *place].mean()
        found[place] = squared_error(decode(without), decode(codes))
    return found
