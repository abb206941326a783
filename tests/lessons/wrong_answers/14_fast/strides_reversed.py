"""Forgets to turn the list round."""

from solution import *

LOSES = ("test_strides",)
SAYS = "for the wrong axes"


def strides(shape, itemsize, order):
    step, found = itemsize, []
    for size in shape if order == "F" else reversed(shape):
        found.append(step)
        step *= size
    return tuple(reversed(found) if order == "F" else found)
