"""Every input gets an edge, plain numbers too."""

from solution import *
from solution import Value

LOSES = ("test_apply_records_an_edge_for_each_value",)
SAYS = "the plain number got an edge"


def apply(op, *inputs):
    value, slopes = op(*[x.data if isinstance(x, Value) else x for x in inputs])
    return Value(value, list(zip(inputs, slopes)))
