"""itemsize is ignored."""

from solution import *

LOSES = ("test_roofline",)
SAYS = "those are operations per number"


def roofline(n, k, m, itemsize, speed, bandwidth):
    operations = 2 * n * k * m
    moved = n * k + k * m + n * m
    arithmetic, memory = operations / speed, moved / bandwidth
    return operations / moved, max(arithmetic, memory), "memory" if memory > arithmetic else "arithmetic"
