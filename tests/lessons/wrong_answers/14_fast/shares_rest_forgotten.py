"""The rows that are left over go to nobody."""

from solution import *

LOSES = ("test_gradient_of_shares",)
SAYS = "gradient_of_shares"


def gradient_of_shares(gradient, x, y, count):
    size = max(1, len(x) // count)
    total = None
    for process in range(min(count, len(x))):
        rows = slice(process * size, (process + 1) * size)
        part = [size / len(x) * g for g in gradient(x[rows], y[rows])]
        total = part if total is None else [a + b for a, b in zip(total, part, strict=True)]
    return total
