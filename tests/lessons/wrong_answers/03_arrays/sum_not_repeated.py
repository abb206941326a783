"""The axis comes back, with size 1."""

import numpy as np
from solution import *

LOSES = ("test_sum",)
SAYS = "that is g, not repeated"


def sum_(x, axis, keepdims=False):
    return x.sum(axis=axis, keepdims=keepdims), (lambda g: g if keepdims else np.expand_dims(g, axis),)
