"""The draft."""

import numpy as np
from solution import *

LOSES = ("test_check_shrink",)
SAYS = "the generator is made in the loop"


def check_shrink(op, cases, seed):
    for _ in range(cases):
        x = np.random.default_rng(seed).uniform(-1, 1, 3)
        between = np.clip(x, -1, 1)
        if not np.allclose(op(x), x - between):
            return False
    return True
