"""Each Array collects in grad, and sends what it has there, of earlier walks too."""

from solution import *

LOSES = ("test_backward_keeps_the_gradients_of_leaves_alone",)
SAYS = "kept theirs from the first walk"


def backward(root):
    root.grad = np.ones_like(root.data)
    for array in reversed(topological_order(root)):
        for x, vjp in array.edges:
            x.grad = x.grad + vjp(array.grad)
