"""As many sequences as steps, in the same order."""

import numpy as np
from solution import *

LOSES = ("test_each_row_alone",)
SAYS = "each_row_alone lets a wrong program pass"


def each_row_alone(f, seed):
    x = np.random.default_rng(seed).standard_normal((6, 6))
    return len(f(x)) == 6
