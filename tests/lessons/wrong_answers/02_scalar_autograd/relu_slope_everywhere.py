"""The value is cut at 0, its slope is not."""

from solution import *

LOSES = ("test_slopes",)
SAYS = "below 0, relu is flat"


def relu(a):
    return max(a, 0.0), (1.0,)
