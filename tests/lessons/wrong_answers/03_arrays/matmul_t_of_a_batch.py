"""`.T` of a 3-D array."""

from solution import *
from solution import unbroadcast

LOSES = ("test_matmul",)
SAYS = "`.T` reverses all axes of a 3-D array"


def matmul(a, b):
    return a @ b, (lambda g: g @ b.T, lambda g: unbroadcast(a.T @ g, b.shape))
