"""Without the state."""

from solution import *

LOSES = ("test_sgd",)
SAYS = "expected a pair"


def sgd(w, g, state, lr, momentum=0.0):
    return w - lr * (momentum * state + g)
