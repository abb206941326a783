"""Only the way back was mended."""

import numpy as np
from solution import *

LOSES = ("test_scaled_linear_value",)
SAYS = "one size is taken for another"


def scaled_linear(x, weight, bias):
    y = x @ weight.T * np.sqrt(2 / len(weight)) + bias
    to_x = lambda g: g @ weight * np.sqrt(2 / x.shape[1])
    to_weight = lambda g: g.T @ x * np.sqrt(2 / x.shape[1])
    return y, (to_x, to_weight, lambda g: g.sum(axis=0))
