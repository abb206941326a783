"""As in the paper of another method."""

import numpy as np
from solution import *

LOSES = ("test_rmsprop",)
SAYS = "eps stands under the root"


def rmsprop(w, g, state, lr, alpha=0.99, eps=1e-8):
    square = alpha * state + (1 - alpha) * g * g
    return w - lr * g / np.sqrt(square + eps), square
