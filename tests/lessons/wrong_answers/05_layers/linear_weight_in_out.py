"""A weight with a column for each unit."""

from solution import *

LOSES = ("test_linear_value_and_x", "test_linear_weight_and_bias")
SAYS = ("weight is (O, D), with a row for each unit", "weight is (O, D), with a row for each unit")


def linear(x, weight, bias):
    return x @ weight + bias, (lambda g: g @ weight.T, lambda g: x.T @ g, lambda g: g.sum(axis=0))
