"""minae's own, where the engine would sum."""

from solution import *

LOSES = ("test_linear_weight_and_bias",)
SAYS = "that is g, with a row for each example"


def linear(x, weight, bias):
    return x @ weight.T + bias, (lambda g: g @ weight, lambda g: g.T @ x, lambda g: g)
