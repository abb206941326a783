"""One copy for all elements, and no nudge is undone."""

import numpy as np
from solution import *

LOSES = ("test_gradient",)
SAYS = "not put back"


def gradient(f, x, h):
    x, grad = x.astype(np.float64), np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        x[i] += h
        above = f(x)
        x[i] -= 2 * h
        grad[i] = (above - f(x)) / (2 * h)
    return grad
