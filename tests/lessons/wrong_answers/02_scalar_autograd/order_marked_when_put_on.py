"""Marked as seen when it is put on the list: a later user does not wait for it."""

from solution import *

LOSES = ("test_topological_order",)
SAYS = "w did not wait for it: mark it when taken out"


def topological_order(root):
    order, seen, unvisited = [], {root}, [(root, False)]
    while unvisited:
        value, inputs_are_done = unvisited.pop()
        if inputs_are_done:
            order.append(value)
            continue
        unvisited.append((value, True))
        for x, _ in value.edges:
            if x not in seen:
                seen.add(x)
                unvisited.append((x, False))
    return order
