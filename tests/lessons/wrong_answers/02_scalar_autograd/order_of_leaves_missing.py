"""Only what has edges is listed."""

import solution
from solution import *

LOSES = (
    "test_topological_order_lists_inputs_first",
    "test_topological_order_lists_each_value_once",
    "test_long_chain",
)
SAYS = "leaves and root too"


def topological_order(root):
    return [value for value in solution.topological_order(root) if value.edges]
