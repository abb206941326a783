"""The gradients at once, before any g has come."""

from solution import *

LOSES = ("test_matmul",)
SAYS = "each vjp must be a function of g"


def matmul(a, b):
    return a @ b, (g @ b.T, a.T @ g)
