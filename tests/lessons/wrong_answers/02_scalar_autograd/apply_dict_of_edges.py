"""Slopes by input: one that is used twice keeps the last slope only."""

from solution import *
from solution import Value

LOSES = ("test_apply_records_an_edge_for_each_value",)
SAYS = "a dict keeps only the last"


def apply(op, *inputs):
    value, slopes = op(*[x.data if isinstance(x, Value) else x for x in inputs])
    return Value(value, list({x: s for x, s in zip(inputs, slopes) if isinstance(x, Value)}.items()))
