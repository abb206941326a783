"""The last contribution replaces the earlier ones."""

from solution import *
from solution import topological_order

LOSES = (
    "test_backward_adds_up_what_arrives",
    "test_backward_passes_on_complete_sums",
    "test_gradients_add_up_until_zero_grad",
)
SAYS = ("replaced the earlier one", "replaced the earlier one")


def backward(root):
    gradients = {root: 1.0}
    for value in reversed(topological_order(root)):
        gradient = gradients.pop(value)
        if not value.edges:
            value.grad += gradient
        for x, slope in value.edges:
            gradients[x] = gradient * slope
