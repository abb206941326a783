"""Shapes lined up from the first axis."""

from solution import *

LOSES = ("test_unbroadcast",)
SAYS = "shapes line up from the last axis"


def unbroadcast(g, shape):
    g = g.sum(axis=tuple(range(len(shape), g.ndim)))
    return g.sum(axis=tuple(i for i, size in enumerate(shape) if size == 1), keepdims=True)
