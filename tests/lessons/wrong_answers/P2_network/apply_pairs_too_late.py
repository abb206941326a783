"""The vjps are paired with those inputs that are left."""

from solution import *

LOSES = ("test_apply_records_an_edge_for_each_array",)
SAYS = "an edge has another input's vjp"


def apply(op, *inputs, **settings):
    value, vjps = op(*[x.data if isinstance(x, Array) else x for x in inputs], **settings)
    return Array(value, list(zip([x for x in inputs if isinstance(x, Array)], vjps)))
