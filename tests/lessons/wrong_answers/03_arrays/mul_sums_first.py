"""g is summed before it is multiplied."""

from solution import *
from solution import unbroadcast

LOSES = ("test_mul",)
SAYS = "g is summed before it is multiplied"


def mul(a, b):
    return a * b, (
        lambda g: unbroadcast(unbroadcast(g, a.shape) * b, a.shape),
        lambda g: unbroadcast(unbroadcast(g, b.shape) * a, b.shape),
    )
