"""The way back has no scale."""

import numpy as np
from solution import *

LOSES = ("test_scaled_linear_gradients",)
SAYS = "the scale is left out"


def scaled_linear(x, weight, bias):
    y = x @ weight.T * np.sqrt(2 / x.shape[1]) + bias
    to_x = lambda g: g @ weight
    to_weight = lambda g: g.T @ x
    return y, (to_x, to_weight, lambda g: g.sum(axis=0))
