"""The error itself."""

import numpy as np
from solution import *

LOSES = ("test_importance",)
SAYS = "take the error with it away"


def importance(codes, pictures, decode):
    found = np.zeros(codes.shape[1:])
    for place in np.ndindex(found.shape):
        without = codes.copy()
        without[:, *place] = codes[:, *place].mean()
        found[place] = squared_error(decode(without), pictures)
    return found
