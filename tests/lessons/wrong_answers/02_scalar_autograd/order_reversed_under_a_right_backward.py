"""Root first, and a backward that is as it should be: it meets what nothing has reached, and says why."""

import solution
from solution import *

LOSES = ("test_topological_order", "test_backward", "test_gradients_add_up_until_zero_grad", "test_long_chain")
SAYS = (
    "root comes last",
    "topological_order is wrong, root must come last",
    "topological_order is wrong, root must come last",
    "topological_order is wrong, root must come last",
)


def topological_order(root):
    return solution.topological_order(root)[::-1]


def backward(root):
    gradients = {root: 1.0}
    for value in reversed(topological_order(root)):
        gradient = gradients.pop(value)
        if not value.edges:
            value.grad += gradient
        for x, slope in value.edges:
            gradients[x] = gradients.get(x, 0.0) + gradient * slope
