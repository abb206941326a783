"""745 counted in powers of ten."""

import numpy as np
from solution import *

LOSES = ("test_factors_until_zero",)
SAYS = "powers of ten and powers of e"


def factors_until_zero(p):
    return int(745.13 / -np.log10(p)) + 1
