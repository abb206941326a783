"""Fresh cases, but only where the answer is 0."""

import numpy as np
from solution import *

LOSES = ("test_check_shrink",)
SAYS = "Where do the mistakes of a shrink show"


def check_shrink(op, cases, seed):
    rng = np.random.default_rng(seed)
    for _ in range(cases):
        x = rng.uniform(-1, 1, 3)
        between = np.clip(x, -1, 1)
        if not np.allclose(op(x), x - between):
            return False
    return True
