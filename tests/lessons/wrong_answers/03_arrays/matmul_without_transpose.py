"""b for its transpose."""

from solution import *
from solution import unbroadcast

LOSES = ("test_matmul",)
SAYS = "only g bᵀ has a's shape"


def matmul(a, b):
    return a @ b, (lambda g: g @ b, lambda g: unbroadcast(a.swapaxes(-1, -2) @ g, b.shape))
