"""A multiply-add as one operation."""

from solution import *

LOSES = ("test_roofline",)
SAYS = "are two operations"


def roofline(n, k, m, itemsize, speed, bandwidth):
    operations = n * k * m
    moved = itemsize * (n * k + k * m + n * m)
    arithmetic, memory = operations / speed, moved / bandwidth
    return operations / moved, max(arithmetic, memory), "memory" if memory > arithmetic else "arithmetic"
