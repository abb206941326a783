"""Forward differences, element by element."""

import numpy as np
from solution import *

LOSES = ("test_gradient",)
SAYS = "these are forward differences"


def gradient(f, x, h):
    grad = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        nudge = np.zeros(x.shape)
        nudge[i] = h
        grad[i] = (f(x + nudge) - f(x)) / h
    return grad
