"""op gets the Values themselves."""

from solution import *
from solution import Value

LOSES = ("test_apply_records_an_edge_for_each_value",)
SAYS = "op must be called with plain numbers"


def apply(op, *inputs):
    value, slopes = op(*inputs)
    return Value(value, [(x, slope) for x, slope in zip(inputs, slopes) if isinstance(x, Value)])
