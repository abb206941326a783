"""x + h adds to every element."""

import numpy as np
from solution import *

LOSES = ("test_gradient",)
SAYS = "nudges all elements at once"


def gradient(f, x, h):
    grad = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        grad[i] = (f(x + h) - f(x - h)) / (2 * h)
    return grad
