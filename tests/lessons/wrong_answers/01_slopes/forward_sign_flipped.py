"""Old minus new."""

from solution import *

LOSES = ("test_forward_difference",)
SAYS = "sign is flipped"


def forward_difference(f, x, h):
    return (f(x) - f(x + h)) / h
