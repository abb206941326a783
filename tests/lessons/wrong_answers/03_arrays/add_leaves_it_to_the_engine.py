"""As minae's own, where the engine sums."""

from solution import *

LOSES = ("test_add",)
SAYS = "not summed over what broadcasting stretched"


def add(a, b):
    return a + b, (lambda g: g, lambda g: g)
