"""The last contribution replaces the earlier ones."""

from solution import *
from solution import topological_order

LOSES = ("test_backward", "test_gradients_add_up_until_zero_grad")
SAYS = "replaced the earlier one"


def backward(root):
    gradients = {root: 1.0}
    for value in reversed(topological_order(root)):
        gradient = gradients.pop(value)
        if not value.edges:
            value.grad += gradient
        for x, slope in value.edges:
            gradients[x] = gradient * slope
