"""The other convention: 1 at 0."""

from solution import *

LOSES = ("test_slopes",)
SAYS = "compare with a > 0"


def relu(a):
    return max(a, 0.0), (1.0 if a >= 0 else 0.0,)
