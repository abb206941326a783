"""One of the repeats is taken for all."""

from solution import *

LOSES = ("test_unbroadcast",)
SAYS = "that is one of the repeats"


def unbroadcast(g, shape):
    while g.ndim > len(shape):
        g = g[0]
    for axis, size in enumerate(shape):
        if size == 1:
            g = g.take([0], axis=axis)
    return g
