"""Plain descent: the speed is never used."""

from solution import *

LOSES = ("test_sgd",)
SAYS = "the old speed has no part"


def sgd(w, g, state, lr, momentum=0.0):
    return w - lr * g, state
