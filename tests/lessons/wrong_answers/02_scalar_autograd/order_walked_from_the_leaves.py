"""The order is right, and backward walks it from its beginning."""

from solution import *
from solution import topological_order

LOSES = ("test_backward", "test_gradients_add_up_until_zero_grad", "test_long_chain")
SAYS = "walk it from its end, where root is"


def backward(root):
    gradients = {root: 1.0}
    for value in topological_order(root):
        gradient = gradients.pop(value)
        if not value.edges:
            value.grad += gradient
        for x, slope in value.edges:
            gradients[x] = gradients.get(x, 0.0) + gradient * slope
