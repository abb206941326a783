"""x + h: v does not appear."""

from solution import *

LOSES = ("test_directional_derivative",)
SAYS = "v was left out"


def directional_derivative(f, x, v, h):
    return (f(x + h) - f(x - h)) / (2 * h)
