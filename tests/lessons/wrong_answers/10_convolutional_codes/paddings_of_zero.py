"""Never anything."""

from solution import *

LOSES = ("test_output_paddings",)
SAYS = "all are 0"


def output_paddings(size, layers):
    return [(0, 0) for _ in layers]
