"""Divides by the average of g²."""

from solution import *

LOSES = ("test_rmsprop",)
SAYS = "the root is missing"


def rmsprop(w, g, state, lr, alpha=0.99, eps=1e-8):
    square = alpha * state + (1 - alpha) * g * g
    return w - lr * g / (square + eps), square
