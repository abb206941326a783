"""Axes in front are forgotten."""

from solution import *

LOSES = ("test_shrink",)
SAYS = "There may be several axes in front, or none"


def shrink(large, factor):
    height, width = large.shape
    return large.reshape(height // factor, factor, width // factor, factor).mean(axis=(1, 3))
