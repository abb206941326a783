"""len(x) for the size of a row."""

import numpy as np
from solution import *

LOSES = ("test_scaled_linear_value", "test_scaled_linear_gradients")
SAYS = ("how many rows the batch has", "how many rows the batch has")


def scaled_linear(x, weight, bias):
    y = x @ weight.T * np.sqrt(2 / len(x)) + bias
    to_x = lambda g: g @ weight * np.sqrt(2 / len(x))
    to_weight = lambda g: g.T @ x * np.sqrt(2 / len(x))
    return y, (to_x, to_weight, lambda g: g.sum(axis=0))
