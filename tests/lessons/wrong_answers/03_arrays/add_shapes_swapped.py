"""Each gradient in the shape of the other input."""

from solution import *
from solution import unbroadcast

LOSES = ("test_add",)
SAYS = "summed to the shape of the other input"


def add(a, b):
    return a + b, (lambda g: unbroadcast(g, b.shape), lambda g: unbroadcast(g, a.shape))
