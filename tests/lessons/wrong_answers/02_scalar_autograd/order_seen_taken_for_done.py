"""One that is met again is taken for one that comes up again: a Value used twice comes in twice."""

from solution import *

LOSES = ("test_topological_order",)
SAYS = "taken for one whose inputs are done. Put pairs on the list"


def topological_order(root):
    order, seen, unvisited = [], set(), [root]
    while unvisited:
        value = unvisited.pop()
        if value in seen:
            order.append(value)
        else:
            seen.add(value)
            unvisited += [value, *(x for x, _ in value.edges)]
    return order
