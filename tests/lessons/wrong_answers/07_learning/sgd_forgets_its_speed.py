"""Returns g as the speed."""

from solution import *

LOSES = ("test_sgd",)
SAYS = "is g alone"


def sgd(w, g, state, lr, momentum=0.0):
    return w - lr * (momentum * state + g), g
