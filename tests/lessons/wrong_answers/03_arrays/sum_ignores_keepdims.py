"""keepdims is left out of the value."""

import numpy as np
from solution import *

LOSES = ("test_sum",)
SAYS = "keepdims is left out"


def sum_(x, axis, keepdims=False):
    def vjp(g):
        return np.broadcast_to(g if keepdims else np.expand_dims(g, axis), x.shape)

    return x.sum(axis=axis), (vjp,)
