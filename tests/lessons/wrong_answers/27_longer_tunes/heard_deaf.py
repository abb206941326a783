"""Cut first, then shifted."""

from solution import *

LOSES = ("test_heard",)
SAYS = "Shift the whole melody, then cut"


def heard(steps, bars):
    parts, _ = side_by_side(steps, bars)
    return np.concatenate([np.zeros_like(parts[:1]), parts[:-1]])
