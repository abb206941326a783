"""A sum, not a mean."""

from solution import *

LOSES = ("test_shrink",)
SAYS = "the pixels of a block were added up"


def shrink(large, factor):
    *front, height, width = large.shape
    return large.reshape(*front, height // factor, factor, width // factor, factor).sum(axis=(-3, -1))
