"""Computed, and not returned."""

from solution import *

LOSES = ("test_unbroadcast",)
SAYS = "there is no `return`"


def unbroadcast(g, shape):
    g = g.sum(axis=tuple(range(g.ndim - len(shape))))
    g.sum(axis=tuple(i for i, size in enumerate(shape) if size == 1), keepdims=True)
