"""f is evaluated twice, and its values are not used."""

from solution import *

LOSES = ("test_directional_derivative", "test_directional_derivative_takes_two_evaluations")
SAYS = ("found 0.5", "its values are not used")


def directional_derivative(f, x, v, h):
    f(x + h * v)
    f(x - h * v)
    return 0.5
