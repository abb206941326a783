"""Nothing is returned."""

from solution import *

LOSES = ("test_apply_records_an_edge_for_each_array",)
SAYS = "found None: return it"


def apply(op, *inputs, **settings):
    value, vjps = op(*[x.data if isinstance(x, Array) else x for x in inputs], **settings)
    Array(value, [(x, vjp) for x, vjp in zip(inputs, vjps) if isinstance(x, Array)])
