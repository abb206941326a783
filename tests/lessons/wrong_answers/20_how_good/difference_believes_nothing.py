"""Says False."""

from solution import *

LOSES = ("test_difference",)
SAYS = "expected True, found False"

right = difference


def difference(a, b):
    mean, error, _ = right(a, b)
    return mean, error, False
