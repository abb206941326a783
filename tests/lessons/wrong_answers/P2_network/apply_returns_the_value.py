"""The value itself, and nothing that remembers."""

from solution import *

LOSES = ("test_apply_records_an_edge_for_each_array",)
SAYS = "expected an Array, with data and edges"


def apply(op, *inputs, **settings):
    value, _ = op(*[x.data if isinstance(x, Array) else x for x in inputs], **settings)
    return value
