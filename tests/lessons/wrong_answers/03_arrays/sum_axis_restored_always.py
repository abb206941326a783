"""The axis comes back even where keepdims had kept it."""

import numpy as np
from solution import *

LOSES = ("test_sum",)
SAYS = "with keepdims=True it is still there"


def sum_(x, axis, keepdims=False):
    return x.sum(axis=axis, keepdims=keepdims), (lambda g: np.broadcast_to(np.expand_dims(g, axis), x.shape),)
