"""n aⁿ: the exponent does not go down."""

from solution import *

LOSES = ("test_slopes",)
SAYS = "the exponent must go down by one"


def power(a, n):
    return a**n, (n * a**n,)
