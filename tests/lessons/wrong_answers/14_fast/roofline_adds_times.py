"""One after the other."""

from solution import *

LOSES = ("test_roofline",)
SAYS = "the times are added"


def roofline(n, k, m, itemsize, speed, bandwidth):
    operations = 2 * n * k * m
    moved = itemsize * (n * k + k * m + n * m)
    arithmetic, memory = operations / speed, moved / bandwidth
    return operations / moved, arithmetic + memory, "memory" if memory > arithmetic else "arithmetic"
