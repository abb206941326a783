"""Axes of size 1 are forgotten."""

from solution import *

LOSES = ("test_unbroadcast",)
SAYS = "those of size 1 in the input's shape were stretched too"


def unbroadcast(g, shape):
    return g.sum(axis=tuple(range(g.ndim - len(shape))))
