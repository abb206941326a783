"""Upside down."""

from solution import *

LOSES = ("test_roofline",)
SAYS = "those are bytes per operation"


def roofline(n, k, m, itemsize, speed, bandwidth):
    operations = 2 * n * k * m
    moved = itemsize * (n * k + k * m + n * m)
    arithmetic, memory = operations / speed, moved / bandwidth
    return moved / operations, max(arithmetic, memory), "memory" if memory > arithmetic else "arithmetic"
