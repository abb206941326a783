"""The slopes, without g."""

import numpy as np
from solution import *

LOSES = ("test_sum",)
SAYS = "those are the slopes, all 1"


def sum_(x, axis, keepdims=False):
    return x.sum(axis=axis, keepdims=keepdims), (lambda g: np.ones_like(x),)
