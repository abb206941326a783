"""Shifted the wrong way."""

from solution import *

LOSES = ("test_heard",)
SAYS = "the wrong way"


def heard(steps, bars):
    return side_by_side(np.concatenate([steps[1:], np.zeros_like(steps[:1])]), bars)[0]
