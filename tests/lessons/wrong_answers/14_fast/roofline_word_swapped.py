"""The other word."""

from solution import *

LOSES = ("test_roofline",)
SAYS = "the limit is what takes longer"


def roofline(n, k, m, itemsize, speed, bandwidth):
    operations = 2 * n * k * m
    moved = itemsize * (n * k + k * m + n * m)
    arithmetic, memory = operations / speed, moved / bandwidth
    return operations / moved, max(arithmetic, memory), "memory" if memory < arithmetic else "arithmetic"
