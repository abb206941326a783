"""The mean square of the whole array."""

import numpy as np
from solution import *

LOSES = ("test_rmsprop",)
SAYS = "an average of its own"


def rmsprop(w, g, state, lr, alpha=0.99, eps=1e-8):
    square = alpha * state + (1 - alpha) * np.mean(g * g)
    return w - lr * g / (np.sqrt(square) + eps), square
