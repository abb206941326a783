"""Subtraction of the data: the result does not know where it came from."""

import solution
from solution import *

LOSES = ("test_operators_with_a_number_on_either_side",)
SAYS = "no edge leads to x"


class Value(solution.Value):
    def __sub__(self, other):
        return Value(self.data - (other.data if isinstance(other, Value) else other))
