"""A copy of whole numbers is nudged, which holds whole numbers only."""

import numpy as np
from solution import *

LOSES = ("test_gradient",)
SAYS = "cut off to a whole number"


def gradient(f, x, h):
    grad = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        above, below = x.copy(), x.copy()
        above[i] += h
        below[i] -= h
        grad[i] = (f(above) - f(below)) / (2 * h)
    return grad
