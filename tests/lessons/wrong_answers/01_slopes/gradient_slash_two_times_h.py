"""`/ 2 * h` divides by 2 and multiplies by h."""

import numpy as np
from solution import *

LOSES = ("test_gradient",)
SAYS = "write / (2 * h)"


def gradient(f, x, h):
    grad = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        above, below = x.astype(np.float64), x.astype(np.float64)
        above[i] += h
        below[i] -= h
        grad[i] = (f(above) - f(below)) / 2 * h
    return grad
