"""Level by level from root, then turned round: an input may come after its user."""

from solution import *

LOSES = ("test_topological_order", "test_backward")
SAYS = "before its input"


def topological_order(root):
    order, seen, unvisited = [], {root}, [root]
    for value in unvisited:
        order.append(value)
        for x, _ in value.edges:
            if x not in seen:
                seen.add(x)
                unvisited.append(x)
    return order[::-1]


def backward(root):
    gradients = {root: 1.0}
    for value in reversed(topological_order(root)):
        gradient = gradients.pop(value)
        if not value.edges:
            value.grad += gradient
        for x, slope in value.edges:
            gradients[x] = gradients.get(x, 0.0) + gradient * slope
