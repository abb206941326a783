"""Nesterov's variant."""

from solution import *

LOSES = ("test_sgd",)
SAYS = "Nesterov"


def sgd(w, g, state, lr, momentum=0.0):
    speed = momentum * state + g
    return w - lr * (g + momentum * speed), speed
