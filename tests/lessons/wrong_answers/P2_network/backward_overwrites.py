"""A later contribution takes the place of an earlier one."""

from solution import *

LOSES = ("test_backward_sums_all_ways",)
SAYS = "a later contribution overwrites"


def backward(root):
    gradients = {root: np.ones_like(root.data)}
    for array in reversed(topological_order(root)):
        gradient = gradients.pop(array)
        if not array.edges:
            array.grad = array.grad + gradient
        for x, vjp in array.edges:
            gradients[x] = vjp(gradient)
