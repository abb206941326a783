"""As in most tutorials: a function that calls itself for each input."""

from solution import *

LOSES = ("test_long_chain",)
SAYS = "a function that calls itself"


def topological_order(root):
    order, seen = [], set()

    def visit(value):
        if value not in seen:
            seen.add(value)
            for x, _ in value.edges:
                visit(x)
            order.append(value)

    visit(root)
    return order
