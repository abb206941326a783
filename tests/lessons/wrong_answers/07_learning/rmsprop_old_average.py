"""Divides before the average is renewed."""

import numpy as np
from solution import *

LOSES = ("test_rmsprop",)
SAYS = "the root of the old average"


def rmsprop(w, g, state, lr, alpha=0.99, eps=1e-8):
    with np.errstate(all="ignore"):
        new = w - lr * g / (np.sqrt(state) + eps)
    return new, alpha * state + (1 - alpha) * g * g
