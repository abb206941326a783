"""The old average keeps 1 - alpha."""

import numpy as np
from solution import *

LOSES = ("test_rmsprop",)
SAYS = "alpha and 1 - alpha are swapped"


def rmsprop(w, g, state, lr, alpha=0.99, eps=1e-8):
    square = (1 - alpha) * state + alpha * g * g
    return w - lr * g / (np.sqrt(square) + eps), square
