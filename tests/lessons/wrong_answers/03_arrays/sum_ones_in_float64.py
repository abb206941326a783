"""Repeated by np.ones, which is float64."""

import numpy as np
from solution import *

LOSES = ("test_sum",)
SAYS = "take x.dtype"


def sum_(x, axis, keepdims=False):
    def vjp(g):
        return np.ones(x.shape) * (g if keepdims else np.expand_dims(g, axis))

    return x.sum(axis=axis, keepdims=keepdims), (vjp,)
