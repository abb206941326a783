"""A variable is set to 0, and no attribute."""

from solution import *

LOSES = ("test_gradients_add_up_until_zero_grad",)
SAYS = "expected x.grad = 0.0, found"


def zero_grad(values):
    for value in values:
        grad = value.grad
        grad = 0.0
    return grad
