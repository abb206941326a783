"""`/ 2 * h` divides by 2 and multiplies by h."""

from solution import *

LOSES = ("test_directional_derivative",)
SAYS = "write / (2 * h)"


def directional_derivative(f, x, v, h):
    return (f(x + h * v) - f(x - h * v)) / 2 * h
