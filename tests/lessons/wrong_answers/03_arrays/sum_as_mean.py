"""Divided by the number of elements."""

import numpy as np
from solution import *

LOSES = ("test_sum",)
SAYS = "that is the vjp of a mean"


def sum_(x, axis, keepdims=False):
    def vjp(g):
        g = g if keepdims else np.expand_dims(g, axis)
        return np.broadcast_to(g / x.shape[axis], x.shape)

    return x.sum(axis=axis, keepdims=keepdims), (vjp,)
