"""The plain numbers are dropped first, and the slopes slip by one place."""

from solution import *
from solution import Value

LOSES = ("test_apply_records_an_edge_for_each_value",)
SAYS = "zip first"


def apply(op, *inputs):
    value, slopes = op(*[x.data if isinstance(x, Value) else x for x in inputs])
    return Value(value, list(zip([x for x in inputs if isinstance(x, Value)], slopes)))
