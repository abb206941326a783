"""One process does everything."""

from solution import *

LOSES = ("test_gradient_of_shares",)
SAYS = "calls of gradient: expected"


def gradient_of_shares(gradient, x, y, count):
    return gradient(x, y)
