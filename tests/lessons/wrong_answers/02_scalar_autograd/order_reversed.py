"""Root first, as backward wants it, but not as it was asked for; backward is adapted."""

import solution
from solution import *

LOSES = ("test_topological_order",)
SAYS = "root comes last"


def topological_order(root):
    return solution.topological_order(root)[::-1]
