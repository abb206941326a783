"""Settings are taken, and lost."""

from solution import *

LOSES = ("test_apply_records_an_edge_for_each_array",)
SAYS = "pass **settings on"


def apply(op, *inputs, **settings):
    value, vjps = op(*[x.data if isinstance(x, Array) else x for x in inputs])
    return Array(value, [(x, vjp) for x, vjp in zip(inputs, vjps) if isinstance(x, Array)])
