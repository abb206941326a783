"""The slope of the other loss."""

from solution import *

LOSES = ("test_forger_loss",)
SAYS = "slope of ln(1 - D)"


def forger_loss(made):
    return np.logaddexp(0, -made).mean(), (lambda g: -g * chance(made) / made.size,)
