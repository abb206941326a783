"""The mean of the repeats in place of their sum."""

from solution import *

LOSES = ("test_unbroadcast_sums_the_axes_in_front", "test_unbroadcast_sums_axes_of_size_1_and_keeps_them")
SAYS = "that is the mean"


def unbroadcast(g, shape):
    g = g.mean(axis=tuple(range(g.ndim - len(shape))))
    return g.mean(axis=tuple(i for i, size in enumerate(shape) if size == 1), keepdims=True)
