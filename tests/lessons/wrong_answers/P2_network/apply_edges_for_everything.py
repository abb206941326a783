"""Plain arrays get edges too."""

from solution import *

LOSES = ("test_apply_records_an_edge_for_each_array",)
SAYS = "expected 2 edges, one for each Array, found 3"


def apply(op, *inputs, **settings):
    value, vjps = op(*[x.data if isinstance(x, Array) else x for x in inputs], **settings)
    return Array(value, list(zip(inputs, vjps)))
