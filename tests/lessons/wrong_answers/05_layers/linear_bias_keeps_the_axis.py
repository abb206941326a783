"""keepdims=True where the bias has no such axis."""

from solution import *

LOSES = ("test_linear_weight_and_bias",)
SAYS = "still there, with size 1"


def linear(x, weight, bias):
    return x @ weight.T + bias, (lambda g: g @ weight, lambda g: g.T @ x, lambda g: g.sum(axis=0, keepdims=True))
