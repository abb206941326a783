"""Two vjps."""

from solution import *

LOSES = ("test_linear_value_and_x", "test_linear_weight_and_bias")
SAYS = ("found a tuple of 2", "found a tuple of 2")


def linear(x, weight, bias):
    return x @ weight.T + bias, (lambda g: g @ weight, lambda g: g.T @ x)
