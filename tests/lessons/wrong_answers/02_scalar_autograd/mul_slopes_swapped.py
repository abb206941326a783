"""dy/da is b, and not a."""

from solution import *

LOSES = ("test_slopes",)
SAYS = "the slopes are swapped"


def mul(a, b):
    return a * b, (a, b)
