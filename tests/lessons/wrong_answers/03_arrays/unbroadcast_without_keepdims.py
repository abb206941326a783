"""An axis of size 1 is summed away."""

from solution import *

LOSES = ("test_unbroadcast_sums_axes_of_size_1_and_keeps_them",)
SAYS = "sum with keepdims=True"


def unbroadcast(g, shape):
    g = g.sum(axis=tuple(range(g.ndim - len(shape))))
    return g.sum(axis=tuple(i for i, size in enumerate(shape) if size == 1))
