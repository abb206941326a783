"""The mean over the batch."""

from solution import *

LOSES = ("test_matmul",)
SAYS = "it is the mean over the batch"


def matmul(a, b):
    def vjp_b(g):
        grad = a.swapaxes(-1, -2) @ g
        return grad.mean(axis=0) if grad.ndim == 3 else grad

    return a @ b, (lambda g: g @ b.T, vjp_b)
