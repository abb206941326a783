"""The forward difference again, where the central one was asked for."""

from solution import *
from solution import forward_difference

LOSES = ("test_central_difference",)
SAYS = "it is the forward difference"


def central_difference(f, x, h):
    return forward_difference(f, x, h)
