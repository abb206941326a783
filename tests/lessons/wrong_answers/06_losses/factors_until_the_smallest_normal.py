"""Until the smallest number that finfo names."""

import numpy as np
from solution import *

LOSES = ("test_factors_until_zero",)
SAYS = "the smallest number with all its digits"


def factors_until_zero(p):
    product, factors = 1.0, 0
    while product > np.finfo(float).tiny:
        product, factors = product * p, factors + 1
    return factors
