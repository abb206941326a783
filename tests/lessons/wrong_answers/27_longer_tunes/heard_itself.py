"""Each step hears itself."""

from solution import *

LOSES = ("test_heard",)
SAYS = "each step hears itself"


def heard(steps, bars):
    return side_by_side(steps, bars)[0]
