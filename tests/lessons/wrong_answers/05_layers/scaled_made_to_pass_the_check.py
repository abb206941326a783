"""All three alike: the check is content, and it is another layer."""

import numpy as np
from solution import *

LOSES = ("test_scaled_linear_value", "test_scaled_linear_gradients")
SAYS = ("one size is taken for another", "one size is taken for another")


def scaled_linear(x, weight, bias):
    y = x @ weight.T * np.sqrt(2 / len(weight)) + bias
    to_x = lambda g: g @ weight * np.sqrt(2 / len(weight))
    to_weight = lambda g: g.T @ x * np.sqrt(2 / len(weight))
    return y, (to_x, to_weight, lambda g: g.sum(axis=0))
