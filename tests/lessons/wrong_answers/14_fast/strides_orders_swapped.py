"""C and F confused."""

from solution import *

LOSES = ("test_strides",)
SAYS = "this is the other order"


def strides(shape, itemsize, order):
    step, found = itemsize, []
    for size in shape if order == "C" else reversed(shape):
        found.append(step)
        step *= size
    return tuple(found if order == "C" else reversed(found))
