"""The order is not turned round."""

from solution import *

LOSES = ("test_backward_sums_all_ways", "test_backward_keeps_the_gradients_of_leaves_alone")
SAYS = "KeyError"


def backward(root):
    gradients = {root: np.ones_like(root.data)}
    for array in topological_order(root):
        gradient = gradients.pop(array)
        if not array.edges:
            array.grad = array.grad + gradient
        for x, vjp in array.edges:
            gradients[x] = gradients.get(x, 0.0) + vjp(gradient)
