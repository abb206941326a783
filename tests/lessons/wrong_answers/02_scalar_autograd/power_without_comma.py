"""A number in brackets is no tuple."""

from solution import *

LOSES = ("test_slopes",)
SAYS = "(s,) is a tuple of one"


def power(a, n):
    return a**n, (n * a ** (n - 1))
