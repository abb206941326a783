"""The natural way for floats: whole numbers cut off the nudges, and the slopes too."""

import numpy as np
from solution import *

LOSES = ("test_gradient",)
SAYS = "So are slopes in np.zeros_like(x)"


def gradient(f, x, h):
    grad = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        above, below = x.copy(), x.copy()
        above[i] += h
        below[i] -= h
        grad[i] = (f(above) - f(below)) / (2 * h)
    return grad
