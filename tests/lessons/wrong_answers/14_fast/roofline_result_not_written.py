"""The result costs nothing."""

from solution import *

LOSES = ("test_roofline",)
SAYS = "the result is written too"


def roofline(n, k, m, itemsize, speed, bandwidth):
    operations = 2 * n * k * m
    moved = itemsize * (n * k + k * m)
    arithmetic, memory = operations / speed, moved / bandwidth
    return operations / moved, max(arithmetic, memory), "memory" if memory > arithmetic else "arithmetic"
