"""The weight's gradient of lesson 3's painter, where the weight was (in, out)."""

from solution import *

LOSES = ("test_linear_weight_and_bias",)
SAYS = "the right one transposed"


def linear(x, weight, bias):
    return x @ weight.T + bias, (lambda g: g @ weight, lambda g: x.T @ g, lambda g: g.sum(axis=0))
