"""The product alone."""

from solution import *

LOSES = ("test_linear_value_and_x",)
SAYS = "the bias is not added"


def linear(x, weight, bias):
    return x @ weight.T, (lambda g: g @ weight, lambda g: g.T @ x, lambda g: g.sum(axis=0))
