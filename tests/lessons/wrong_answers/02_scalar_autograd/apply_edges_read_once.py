"""A generator of edges: the first walk uses it up."""

from solution import *
from solution import Value

LOSES = ("test_apply_records_an_edge_for_each_value",)
SAYS = "can be read only once"


def apply(op, *inputs):
    value, slopes = op(*[x.data if isinstance(x, Value) else x for x in inputs])
    return Value(value, ((x, slope) for x, slope in zip(inputs, slopes) if isinstance(x, Value)))
