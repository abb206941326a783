"""The transpose of the way forward, kept on the way back."""

from solution import *

LOSES = ("test_linear_value_and_x",)
SAYS = "only one product of two of them has the shape"


def linear(x, weight, bias):
    return x @ weight.T + bias, (lambda g: g @ weight.T, lambda g: g.T @ x, lambda g: g.sum(axis=0))
