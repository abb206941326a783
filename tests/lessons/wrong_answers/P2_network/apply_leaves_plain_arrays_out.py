"""The op gets the Arrays alone."""

from solution import *

LOSES = ("test_apply_records_an_edge_for_each_array",)
SAYS = "everything else as it is"


def apply(op, *inputs, **settings):
    arrays = [x for x in inputs if isinstance(x, Array)]
    value, vjps = op(*[x.data for x in arrays], **settings)
    return Array(value, list(zip(arrays, vjps)))
