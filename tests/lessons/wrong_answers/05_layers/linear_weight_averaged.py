"""The mean over the batch, as if the layer knew that the loss is one."""

from solution import *

LOSES = ("test_linear_weight_and_bias",)
SAYS = "mean over the batch"


def linear(x, weight, bias):
    return x @ weight.T + bias, (lambda g: g @ weight, lambda g: g.T @ x / len(x), lambda g: g.sum(axis=0))
