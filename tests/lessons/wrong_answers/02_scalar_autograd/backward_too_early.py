"""First come, first served: a Value passes on what it has, whatever is still to come."""

from solution import *

LOSES = ("test_backward",)
SAYS = "before all its uses had reported"


def backward(root):
    gradients, unvisited = {root: 1.0}, [root]
    for value in unvisited:
        gradient = gradients.pop(value)
        if not value.edges:
            value.grad += gradient
        for x, slope in value.edges:
            if x not in unvisited:
                unvisited.append(x)
            gradients[x] = gradients.get(x, 0.0) + gradient * slope
