"""The caller's own x is nudged, not a copy, and not put back."""

import numpy as np
from solution import *

LOSES = ("test_gradient",)
SAYS = "changed x in place"


def gradient(f, x, h):
    grad = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        x[i] += h
        above = f(x)
        x[i] -= 2 * h
        grad[i] = (above - f(x)) / (2 * h)
    return grad
