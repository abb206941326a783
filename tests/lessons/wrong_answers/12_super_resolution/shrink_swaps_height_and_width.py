"""Height and width are swapped: right for square pictures (B13)."""

from solution import *

LOSES = ("test_shrink",)
SAYS = "are height and width swapped"


def shrink(large, factor):
    *front, height, width = large.shape
    return large.reshape(*front, width // factor, factor, height // factor, factor).mean(axis=(-3, -1))
