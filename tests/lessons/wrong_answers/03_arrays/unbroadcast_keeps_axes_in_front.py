"""Summed with keepdims, and not reshaped."""

from solution import *

LOSES = ("test_unbroadcast_sums_the_axes_in_front", "test_unbroadcast_sums_axes_of_size_1_and_keeps_them")
SAYS = "the axes in front are still there"


def unbroadcast(g, shape):
    padded = (1,) * (g.ndim - len(shape)) + shape
    return g.sum(axis=tuple(i for i, size in enumerate(padded) if size == 1), keepdims=True)
