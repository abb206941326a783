"""The walk begins with the value of the root, and not with 1."""

from solution import *

LOSES = ("test_backward_sums_all_ways", "test_backward_keeps_the_gradients_of_leaves_alone")
SAYS = "does not begin at the root with 1"


def backward(root):
    gradients = {root: root.data}
    for array in reversed(topological_order(root)):
        gradient = gradients.pop(array)
        if not array.edges:
            array.grad = array.grad + gradient
        for x, vjp in array.edges:
            gradients[x] = gradients.get(x, 0.0) + vjp(gradient)
