"""a - b has the slopes of a + b."""

from solution import *

LOSES = ("test_slopes",)
SAYS = "its second slope is -1"


def sub(a, b):
    return a - b, (1.0, 1.0)
