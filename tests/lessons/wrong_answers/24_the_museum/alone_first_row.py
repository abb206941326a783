"""Only the first row is asked alone."""

import numpy as np
from solution import *

LOSES = ("test_each_row_alone",)
SAYS = "each_row_alone lets a wrong program pass"


def each_row_alone(f, seed):
    x = np.random.default_rng(seed).standard_normal((8, 5))
    return np.allclose(f(x)[:1], f(x[:1]), rtol=0, atol=1e-9)
