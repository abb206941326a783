"""A product in float32."""

import numpy as np
from solution import *

LOSES = ("test_factors_until_zero",)
SAYS = "that is float32's number"


def factors_until_zero(p):
    product, factors = np.float32(1), 0
    while product > 0:
        product, factors = np.float32(product * np.float32(p)), factors + 1
    return factors
