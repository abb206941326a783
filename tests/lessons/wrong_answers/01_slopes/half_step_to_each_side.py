"""A central difference in its own right, with half the step."""

from solution import *

LOSES = ("test_central_difference",)
SAYS = "h/2 away from x: step h to each side"


def central_difference(f, x, h):
    return (f(x + h / 2) - f(x - h / 2)) / h
