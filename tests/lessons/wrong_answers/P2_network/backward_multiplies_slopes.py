"""As for numbers: the gradient times what is on the edge."""

from solution import *

LOSES = ("test_backward_sums_all_ways", "test_backward_keeps_the_gradients_of_leaves_alone")
SAYS = "TypeError"


def backward(root):
    gradients = {root: np.ones_like(root.data)}
    for array in reversed(topological_order(root)):
        gradient = gradients.pop(array)
        if not array.edges:
            array.grad = array.grad + gradient
        for x, slope in array.edges:
            gradients[x] = gradients.get(x, 0.0) + gradient * slope
