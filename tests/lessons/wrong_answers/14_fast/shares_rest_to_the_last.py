"""The last process takes all that is left."""

from solution import *

LOSES = ("test_gradient_of_shares",)
SAYS = "shares as even as can be"


def gradient_of_shares(gradient, x, y, count):
    count = min(count, len(x))
    size, total = len(x) // count, None
    for process in range(count):
        rows = slice(process * size, (process + 1) * size if process < count - 1 else len(x))
        part = [len(x[rows]) / len(x) * g for g in gradient(x[rows], y[rows])]
        total = part if total is None else [a + b for a, b in zip(total, part, strict=True)]
    return total
