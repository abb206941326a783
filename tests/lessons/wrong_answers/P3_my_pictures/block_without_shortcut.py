"""The layers alone."""

from solution import *
from solution import block as solution_block

LOSES = ("test_block",)
SAYS = "the shortcut is missing"


def block(layers, x):
    value, vjp = solution_block(layers, x)
    return value - fit(x, value.shape[1]), vjp
