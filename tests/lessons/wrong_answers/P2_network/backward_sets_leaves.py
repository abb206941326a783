"""The grad of a leaf is set, and not added to."""

from solution import *

LOSES = ("test_backward_keeps_the_gradients_of_leaves_alone",)
SAYS = "they add up in grad"


def backward(root):
    gradients = {root: np.ones_like(root.data)}
    for array in reversed(topological_order(root)):
        gradient = gradients.pop(array)
        array.grad = gradient
        for x, vjp in array.edges:
            gradients[x] = gradients.get(x, 0.0) + vjp(gradient)
