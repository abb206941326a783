"""One of the repeats is taken for all."""

from solution import *

LOSES = ("test_unbroadcast_sums_the_axes_in_front", "test_unbroadcast_sums_axes_of_size_1_and_keeps_them")
SAYS = "that is one of the repeats"


def unbroadcast(g, shape):
    while g.ndim > len(shape):
        g = g[0]
    for axis, size in enumerate(shape):
        if size == 1:
            g = g.take([0], axis=axis)
    return g
