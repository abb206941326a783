"""None, as in PyTorch, where here the next += needs a number."""

from solution import *

LOSES = ("test_gradients_add_up_until_zero_grad",)
SAYS = "expected x.grad = 0.0, found None"


def zero_grad(values):
    for value in values:
        value.grad = None
