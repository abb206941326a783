"""The slopes, without g."""

import numpy as np
from solution import *

LOSES = ("test_linear_value_and_x",)
SAYS = "g is missing"


def linear(x, weight, bias):
    to_x = lambda g: np.ones_like(g) @ weight
    return x @ weight.T + bias, (to_x, lambda g: g.T @ x, lambda g: g.sum(axis=0))
