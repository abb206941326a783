"""Says True."""

from solution import *

LOSES = ("test_difference",)
SAYS = "expected False, found True"

right = difference


def difference(a, b):
    mean, error, _ = right(a, b)
    return mean, error, True
