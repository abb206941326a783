"""Within one walk gradients add up; the next walk replaces them."""

from solution import *
from solution import topological_order

LOSES = ("test_gradients_add_up_until_zero_grad",)
SAYS = "add to grad, with +="


def backward(root):
    gradients = {root: 1.0}
    for value in reversed(topological_order(root)):
        gradient = gradients.pop(value)
        if not value.edges:
            value.grad = gradient
        for x, slope in value.edges:
            gradients[x] = gradients.get(x, 0.0) + gradient * slope
