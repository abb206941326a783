"""`/ 2 * h` is not `/ (2 * h)`."""

from solution import *

LOSES = ("test_central_difference",)
SAYS = "write / (2 * h)"


def central_difference(f, x, h):
    return (f(x + h) - f(x - h)) / 2 * h
