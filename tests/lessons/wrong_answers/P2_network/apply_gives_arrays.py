"""The op gets Arrays, and not their data."""

from solution import *

LOSES = ("test_apply_records_an_edge_for_each_array",)
SAYS = "the data of each Array"


def apply(op, *inputs, **settings):
    value, vjps = op(*inputs, **settings)
    return Array(value, [(x, vjp) for x, vjp in zip(inputs, vjps) if isinstance(x, Array)])
