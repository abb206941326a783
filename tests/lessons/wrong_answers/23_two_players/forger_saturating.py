"""The loss that is flat for beginners."""

from solution import *

LOSES = ("test_forger_loss",)
SAYS = "flat where the judge is sure"


def forger_loss(made):
    return -np.logaddexp(0, made).mean(), (lambda g: -g * chance(made) / made.size,)
