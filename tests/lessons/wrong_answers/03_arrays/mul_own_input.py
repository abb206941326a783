"""Each gradient holds its own input."""

from solution import *
from solution import unbroadcast

LOSES = ("test_mul",)
SAYS = "each gradient holds the OTHER input"


def mul(a, b):
    return a * b, (lambda g: unbroadcast(g * a, a.shape), lambda g: unbroadcast(g * b, b.shape))
