"""An axis of size 1 is summed away."""

from solution import *

LOSES = ("test_unbroadcast",)
SAYS = "sum with keepdims=True"


def unbroadcast(g, shape):
    g = g.sum(axis=tuple(range(g.ndim - len(shape))))
    return g.sum(axis=tuple(i for i, size in enumerate(shape) if size == 1))
