"""The value is right, and where it came from is lost."""

from solution import *
from solution import Value

LOSES = ("test_apply_records_an_edge_for_each_value",)
SAYS = "without edges the graph is lost"


def apply(op, *inputs):
    value, _ = op(*[x.data if isinstance(x, Value) else x for x in inputs])
    return Value(value)
