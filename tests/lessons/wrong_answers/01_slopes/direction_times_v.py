"""The quotient, times v once more: an array."""

from solution import *

LOSES = ("test_directional_derivative",)
SAYS = "expected one number, found an array of shape (2, 3). Usual cause: the quotient was multiplied by v"


def directional_derivative(f, x, v, h):
    return (f(x + h * v) - f(x - h * v)) / (2 * h) * v
