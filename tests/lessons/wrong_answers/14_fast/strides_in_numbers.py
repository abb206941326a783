"""Numbers in place of bytes."""

from solution import *

LOSES = ("test_strides",)
SAYS = "those are numbers, not bytes"


def strides(shape, itemsize, order):
    step, found = 1, []
    for size in shape if order == "F" else reversed(shape):
        found.append(step)
        step *= size
    return tuple(found if order == "F" else reversed(found))
