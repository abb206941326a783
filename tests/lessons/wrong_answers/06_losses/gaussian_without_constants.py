"""Squares alone."""

from solution import *

LOSES = ("test_gaussian_nll",)
SAYS = "the constants are missing"


def gaussian_nll(x, target, sigma):
    z = (x - target) / sigma
    value = (z * z / 2).sum() / len(x)
    return value, (lambda g: g * z / sigma / len(x), lambda g: -g * z / sigma / len(x))
