"""Broadcasting is forgotten."""

from solution import *

LOSES = ("test_mul",)
SAYS = "not summed over what broadcasting stretched"


def mul(a, b):
    return a * b, (lambda g: g * b, lambda g: g * a)
