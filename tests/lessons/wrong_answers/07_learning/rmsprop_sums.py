"""Adagrad: the sum of all g²."""

import numpy as np
from solution import *

LOSES = ("test_rmsprop",)
SAYS = "counts in full"


def rmsprop(w, g, state, lr, alpha=0.99, eps=1e-8):
    square = state + g * g
    return w - lr * g / (np.sqrt(square) + eps), square
