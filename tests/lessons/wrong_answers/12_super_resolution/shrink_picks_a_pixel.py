"""Every second pixel, as a slice."""

from solution import *

LOSES = ("test_shrink",)
SAYS = "one pixel of each block was picked"


def shrink(large, factor):
    return large[..., ::factor, ::factor]
