"""An average in place of a sum."""

from solution import *

LOSES = ("test_sgd",)
SAYS = "here the speed is a sum"


def sgd(w, g, state, lr, momentum=0.0):
    speed = momentum * state + (1 - momentum) * g
    return w - lr * speed, speed
