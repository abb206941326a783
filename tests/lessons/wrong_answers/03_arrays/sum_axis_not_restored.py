"""g is repeated without its lost axis."""

import numpy as np
from solution import *

LOSES = ("test_sum",)
SAYS = "must come back, with size 1"


def sum_(x, axis, keepdims=False):
    return x.sum(axis=axis, keepdims=keepdims), (lambda g: np.broadcast_to(g, x.shape),)
