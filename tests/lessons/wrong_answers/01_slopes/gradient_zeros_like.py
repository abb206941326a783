"""np.zeros_like(x) holds whole numbers where x does."""

import numpy as np
from solution import *

LOSES = ("test_gradient",)
SAYS = "np.zeros_like(x) has x's dtype"


def gradient(f, x, h):
    grad = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        nudge = np.zeros(x.shape)
        nudge[i] = h
        grad[i] = (f(x + nudge) - f(x - nudge)) / (2 * h)
    return grad
