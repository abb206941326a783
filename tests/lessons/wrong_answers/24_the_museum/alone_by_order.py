"""Only the order is changed."""

import numpy as np
from solution import *

LOSES = ("test_each_row_alone",)
SAYS = "each_row_alone lets a wrong program pass"


def each_row_alone(f, seed):
    x = np.random.default_rng(seed).standard_normal((8, 5))
    y, turned = f(x), f(x[::-1])
    return y.shape[0] == 8 and np.allclose(y, turned[::-1], rtol=0, atol=1e-9)
