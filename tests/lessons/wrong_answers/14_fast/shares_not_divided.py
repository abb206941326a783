"""Weighted with the number of rows."""

from solution import *

LOSES = ("test_gradient_of_shares",)
SAYS = "a share counts by its part of the rows"


def gradient_of_shares(gradient, x, y, count):
    total = None
    for process in range(count):
        rows = slice(process * len(x) // count, (process + 1) * len(x) // count)
        weight = rows.stop - rows.start
        if weight:
            part = [weight * g for g in gradient(x[rows], y[rows])]
            total = part if total is None else [a + b for a, b in zip(total, part, strict=True)]
    return total
