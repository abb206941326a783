"""Only the value was mended."""

import numpy as np
from solution import *

LOSES = ("test_scaled_linear_gradients",)
SAYS = "one size is taken for another"


def scaled_linear(x, weight, bias):
    y = x @ weight.T * np.sqrt(2 / x.shape[1]) + bias
    to_x = lambda g: g @ weight * np.sqrt(2 / g.shape[1])
    to_weight = lambda g: g.T @ x * np.sqrt(2 / x.shape[1])
    return y, (to_x, to_weight, lambda g: g.sum(axis=0))
