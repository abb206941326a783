"""Multiplies before it notes."""

from solution import *

LOSES = ("test_strides",)
SAYS = "too large by its own axis"


def strides(shape, itemsize, order):
    step, found = itemsize, []
    for size in shape if order == "F" else reversed(shape):
        step *= size
        found.append(step)
    return tuple(found if order == "F" else reversed(found))
