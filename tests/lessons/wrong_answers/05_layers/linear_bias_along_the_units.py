"""The other axis."""

from solution import *

LOSES = ("test_linear_weight_and_bias",)
SAYS = "summed along the units"


def linear(x, weight, bias):
    return x @ weight.T + bias, (lambda g: g @ weight, lambda g: g.T @ x, lambda g: g.sum(axis=1))
