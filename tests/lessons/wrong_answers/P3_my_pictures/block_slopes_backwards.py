"""As the way back finds them."""

from solution import *
from solution import block as solution_block

LOSES = ("test_block",)
SAYS = "the slopes of the last layer stand first"


def block(layers, x):
    value, vjp = solution_block(layers, x)
    return value, lambda g: (vjp(g)[0], vjp(g)[1][::-1])
