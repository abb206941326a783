"""f is evaluated twice, and its values are not used."""

from solution import *

LOSES = ("test_directional_derivative",)
SAYS = "found 0.5"


def directional_derivative(f, x, v, h):
    f(x + h * v)
    f(x - h * v)
    return 0.5
