"""Max pooling for average pooling."""

from solution import *

LOSES = ("test_shrink",)
SAYS = "the largest pixel of each block"


def shrink(large, factor):
    *front, height, width = large.shape
    return large.reshape(*front, height // factor, factor, width // factor, factor).max(axis=(-3, -1))
