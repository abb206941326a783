"""Nothing starts the walk: the gradient of root is 0."""

from solution import *
from solution import topological_order

LOSES = ("test_backward", "test_gradients_add_up_until_zero_grad", "test_long_chain")
SAYS = "the walk begins with the gradient of root"


def backward(root):
    gradients = {}
    for value in reversed(topological_order(root)):
        gradient = gradients.pop(value, 0.0)
        if not value.edges:
            value.grad += gradient
        for x, slope in value.edges:
            gradients[x] = gradients.get(x, 0.0) + gradient * slope
