"""The weight's gradient as PyTorch's linear has it, whose weight is transposed."""

from solution import *

LOSES = ("test_matmul",)
SAYS = "gᵀ a"


def matmul(a, b):
    return a @ b, (lambda g: g @ b.T, lambda g: (g.swapaxes(-1, -2) @ a).reshape(-1, *b.shape[::-1]).sum(axis=0))
