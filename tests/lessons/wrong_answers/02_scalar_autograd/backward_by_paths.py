"""Every path on its own, with a list instead of recursion."""

from solution import *

LOSES = ("test_backward",)
SAYS = "each path is followed on its own"


def backward(root):
    unfinished = [(root, 1.0)]
    while unfinished:
        value, gradient = unfinished.pop()
        if not value.edges:
            value.grad += gradient
        unfinished += [(x, gradient * slope) for x, slope in value.edges]
