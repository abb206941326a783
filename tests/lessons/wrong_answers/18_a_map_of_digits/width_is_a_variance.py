"""A variance where a standard deviation is asked for."""

from solution import *

LOSES = ("test_posterior_width",)
SAYS = "that is a variance"


def posterior_width(slopes, p):
    return 1 / (1 + slopes**2 @ (p * (1 - p)))
