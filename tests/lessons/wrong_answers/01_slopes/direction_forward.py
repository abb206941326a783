"""One of the two evaluations is at x itself."""

from solution import *

LOSES = ("test_directional_derivative",)
SAYS = "it is a forward difference"


def directional_derivative(f, x, v, h):
    return (f(x + h * v) - f(x)) / h
