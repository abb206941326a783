"""Summed with keepdims, and not reshaped."""

from solution import *

LOSES = ("test_unbroadcast",)
SAYS = "the axes in front are still there"


def unbroadcast(g, shape):
    padded = (1,) * (g.ndim - len(shape)) + shape
    return g.sum(axis=tuple(i for i, size in enumerate(padded) if size == 1), keepdims=True)
