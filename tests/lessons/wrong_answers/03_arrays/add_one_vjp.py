"""One vjp for two inputs, because they are the same."""

from solution import *
from solution import unbroadcast

LOSES = ("test_add",)
SAYS = "a tuple of 2 vjps, of a, b; found a tuple of 1"


def add(a, b):
    return a + b, (lambda g: unbroadcast(g, a.shape),)
