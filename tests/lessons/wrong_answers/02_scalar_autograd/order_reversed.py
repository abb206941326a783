"""Root first, as backward wants it, but not as it was asked for; backward is adapted."""

import solution
from solution import *

LOSES = ("test_topological_order_lists_inputs_first", "test_topological_order_lists_each_value_once")
SAYS = "root comes last"


def topological_order(root):
    return solution.topological_order(root)[::-1]
