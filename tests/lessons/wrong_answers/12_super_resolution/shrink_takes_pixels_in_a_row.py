"""The reshape does not make blocks."""

from solution import *

LOSES = ("test_shrink",)
SAYS = "pixels that follow each other in a row"


def shrink(large, factor):
    *front, height, width = large.shape
    return large.reshape(*front, height // factor, width // factor, factor**2).mean(axis=-1)
