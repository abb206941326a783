"""The two points are 2h apart, but the difference is divided by h."""

from solution import *

LOSES = ("test_central_difference",)
SAYS = "2h apart"


def central_difference(f, x, h):
    return (f(x + h) - f(x - h)) / h
