"""The bars are not put side by side."""

from solution import *

LOSES = ("test_heard",)
SAYS = "to be side by side"


def heard(steps, bars):
    return np.concatenate([np.zeros_like(steps[:1]), steps[:-1]])
