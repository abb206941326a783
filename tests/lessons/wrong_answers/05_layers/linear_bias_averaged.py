"""Only the bias is averaged."""

from solution import *

LOSES = ("test_linear_weight_and_bias",)
SAYS = "mean over the batch"


def linear(x, weight, bias):
    return x @ weight.T + bias, (lambda g: g @ weight, lambda g: g.T @ x, lambda g: g.mean(axis=0))
