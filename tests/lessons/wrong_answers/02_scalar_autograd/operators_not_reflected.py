"""1 - x is computed as x - 1, and 1 / x as x / 1."""

import solution
from solution import *

LOSES = ("test_operators_with_a_number_on_either_side",)
SAYS = "apply(op, other, self)"


class Value(solution.Value):
    __rsub__ = solution.Value.__sub__
    __rtruediv__ = solution.Value.__truediv__
