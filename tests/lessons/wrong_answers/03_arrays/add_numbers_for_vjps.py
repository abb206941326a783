"""The slopes themselves, in place of functions."""

from solution import *

LOSES = ("test_add",)
SAYS = "found 1 in place of a vjp; each vjp must be a function of g"


def add(a, b):
    return a + b, (1, 1)
