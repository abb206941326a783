"""Passes the next axis only."""

from solution import *

LOSES = ("test_strides",)
SAYS = "only the next faster axis is counted"


def strides(shape, itemsize, order):
    step, found = itemsize, []
    for size in shape if order == "F" else reversed(shape):
        found.append(step)
        step = itemsize * size
    return tuple(found if order == "F" else reversed(found))
