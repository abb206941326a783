"""The step before the speed is renewed."""

from solution import *

LOSES = ("test_sgd",)
SAYS = "with the old speed"


def sgd(w, g, state, lr, momentum=0.0):
    return w - lr * state, momentum * state + g
