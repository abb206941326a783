"""Until 1 + product is 1."""

from solution import *

LOSES = ("test_factors_until_zero",)
SAYS = "machine epsilon"


def factors_until_zero(p):
    product, factors = 1.0, 0
    while 1 + product > 1:
        product, factors = product * p, factors + 1
    return factors
