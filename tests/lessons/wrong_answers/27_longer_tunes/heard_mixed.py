"""Shifted rightly, then cut by a reshape alone."""

from solution import *

LOSES = ("test_heard",)
SAYS = "shifted rightly"


def heard(steps, bars):
    late = np.concatenate([np.zeros_like(steps[:1]), steps[:-1]])
    return late.reshape(len(steps) // bars, -1, steps.shape[2])
