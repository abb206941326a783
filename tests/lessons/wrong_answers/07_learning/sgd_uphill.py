"""The sign."""

from solution import *

LOSES = ("test_sgd",)
SAYS = "goes uphill"


def sgd(w, g, state, lr, momentum=0.0):
    speed = momentum * state + g
    return w + lr * speed, speed
