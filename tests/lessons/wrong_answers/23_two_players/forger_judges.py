"""Pays what the judge pays."""

from solution import *

LOSES = ("test_forger_loss",)
SAYS = "the forger wants the opposite"


def forger_loss(made):
    return np.logaddexp(0, made).mean(), (lambda g: -g * chance(-made) / made.size,)
