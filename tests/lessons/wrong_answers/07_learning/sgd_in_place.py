"""Writes into w."""

from solution import *

LOSES = ("test_sgd",)
SAYS = "changed w in place"


def sgd(w, g, state, lr, momentum=0.0):
    speed = momentum * state + g
    w -= (lr * speed).astype(w.dtype)
    return w, speed
