"""The vjps beside the value, not in a tuple."""

from solution import *
from solution import unbroadcast

LOSES = ("test_add",)
SAYS = "found a tuple of 3"


def add(a, b):
    return a + b, lambda g: unbroadcast(g, a.shape), lambda g: unbroadcast(g, b.shape)
