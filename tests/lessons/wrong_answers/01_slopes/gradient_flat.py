"""Right slopes, in a flat array."""

import numpy as np
from solution import *

LOSES = ("test_gradient",)
SAYS = "expected an array of shape (2, 3), found an array of shape (6,). Usual cause: a flat"


def gradient(f, x, h):
    x = x.astype(np.float64)
    slopes = []
    for unit in np.eye(x.size):
        nudge = h * unit.reshape(x.shape)
        slopes.append((f(x + nudge) - f(x - nudge)) / (2 * h))
    return np.array(slopes)
