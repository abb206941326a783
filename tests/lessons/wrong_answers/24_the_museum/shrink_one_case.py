"""One case of many numbers in place of many."""

import numpy as np
from solution import *

LOSES = ("test_check_shrink",)
SAYS = "cases, found 1"


def check_shrink(op, cases, seed):
    rng = np.random.default_rng(seed)
    for _ in range(1):
        x = rng.uniform(-5, 5, 3 * cases)
        between = np.clip(x, -1, 1)
        if not np.allclose(op(x), x - between):
            return False
    return True
