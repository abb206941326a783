"""b minus a."""

from solution import *

LOSES = ("test_difference",)
SAYS = "positive means that a is better"

right = difference


def difference(a, b):
    return right(b, a)
