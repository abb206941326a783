"""The add of the painter, where b is always a row."""

from solution import *

LOSES = ("test_add",)
SAYS = "g is summed although nothing was stretched"


def add(a, b):
    return a + b, (lambda g: g, lambda g: g.sum(axis=0))
