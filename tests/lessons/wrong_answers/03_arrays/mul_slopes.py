"""The slopes, without g."""

from solution import *

LOSES = ("test_mul",)
SAYS = "g is missing"


def mul(a, b):
    return a * b, (lambda g: b, lambda g: a)
