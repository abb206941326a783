"""The chain rule taken literally: every path on its own, by recursion."""

from solution import *

LOSES = ("test_backward", "test_long_chain")
SAYS = "each path is followed on its own"


def backward(root, gradient=1.0):
    if not root.edges:
        root.grad += gradient
    for x, slope in root.edges:
        backward(x, gradient * slope)
