"""grad serves for inner Values too, as in micrograd: a second walk begins with the sums of the first."""

from solution import *
from solution import topological_order

LOSES = ("test_gradients_add_up_until_zero_grad",)
SAYS = "still held their gradients of the walk before"


def backward(root):
    root.grad = 1.0
    for value in reversed(topological_order(root)):
        for x, slope in value.edges:
            x.grad += value.grad * slope
