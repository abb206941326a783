"""The rate multiplies g alone, and stays in the speed."""

from solution import *

LOSES = ("test_sgd",)
SAYS = "the rate is part of the speed"


def sgd(w, g, state, lr, momentum=0.0):
    speed = momentum * state + lr * g
    return w - speed, speed
