"""A tuple of one without its comma."""

import numpy as np
from solution import *

LOSES = ("test_sum",)
SAYS = "needs its comma"


def sum_(x, axis, keepdims=False):
    def vjp(g):
        return np.broadcast_to(g if keepdims else np.expand_dims(g, axis), x.shape)

    return x.sum(axis=axis, keepdims=keepdims), (vjp)
