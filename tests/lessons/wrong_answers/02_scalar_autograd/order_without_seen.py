"""Each Value comes in once per path."""

from solution import *

LOSES = ("test_topological_order",)
SAYS = "keep a set of those already seen"


def topological_order(root):
    order, unvisited = [], [(root, False)]
    while unvisited:
        value, inputs_are_done = unvisited.pop()
        if inputs_are_done:
            order.append(value)
        else:
            unvisited += [(value, True), *((x, False) for x, _ in value.edges)]
    return order
