"""The edges lead to data, where nothing can be collected."""

from solution import *

LOSES = ("test_apply_records_an_edge_for_each_array",)
SAYS = "with the Array itself and not with its data"


def apply(op, *inputs, **settings):
    value, vjps = op(*[x.data if isinstance(x, Array) else x for x in inputs], **settings)
    return Array(value, [(x.data, vjp) for x, vjp in zip(inputs, vjps) if isinstance(x, Array)])
