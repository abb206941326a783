"""A slope for n as well, which is a constant."""

from solution import *

LOSES = ("test_slopes",)
SAYS = "a slope for the constant too"


def power(a, n):
    return a**n, (n * a ** (n - 1), 0.0)
