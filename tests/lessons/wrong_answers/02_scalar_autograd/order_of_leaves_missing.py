"""Only what has edges is listed."""

import solution
from solution import *

LOSES = ("test_topological_order", "test_long_chain")
SAYS = "leaves and root too"


def topological_order(root):
    return [value for value in solution.topological_order(root) if value.edges]
