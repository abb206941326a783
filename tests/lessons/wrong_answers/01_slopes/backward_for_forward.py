"""A step to the left, where one to the right was asked for."""

from solution import *

LOSES = ("test_forward_difference",)
SAYS = "it is the backward difference"


def forward_difference(f, x, h):
    return (f(x) - f(x - h)) / h
