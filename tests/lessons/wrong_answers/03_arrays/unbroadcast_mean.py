"""The mean of the repeats in place of their sum."""

from solution import *

LOSES = ("test_unbroadcast",)
SAYS = "that is the mean"


def unbroadcast(g, shape):
    g = g.mean(axis=tuple(range(g.ndim - len(shape))))
    return g.mean(axis=tuple(i for i, size in enumerate(shape) if size == 1), keepdims=True)
