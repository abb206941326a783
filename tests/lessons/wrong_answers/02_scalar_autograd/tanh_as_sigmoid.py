"""The slope of another curve of the same look."""

import math

from solution import *

LOSES = ("test_slopes",)
SAYS = "the slope of the sigmoid"


def tanh(a):
    y = math.tanh(a)
    return y, (y * (1 - y),)
