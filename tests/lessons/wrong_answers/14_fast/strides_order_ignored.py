"""B9: an option that changes nothing."""

from solution import *

LOSES = ("test_strides",)
SAYS = "this is the other order"


def strides(shape, itemsize, order):
    step, found = itemsize, []
    for size in reversed(shape):
        found.append(step)
        step *= size
    return tuple(reversed(found))
