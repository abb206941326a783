"""One gradient of b for each matrix of the batch."""

from solution import *

LOSES = ("test_matmul",)
SAYS = "they add up"


def matmul(a, b):
    return a @ b, (lambda g: g @ b.T, lambda g: a.swapaxes(-1, -2) @ g)
