"""Rounding is an objection."""

import numpy as np
from solution import *

LOSES = ("test_each_row_alone",)
SAYS = "1e-9 is allowed"


def each_row_alone(f, seed):
    rng = np.random.default_rng(seed)
    for n, steps in ((7, 11), (13, 5)):
        batch = rng.standard_normal((n, steps))
        together = f(batch)
        if len(together) != n:
            return False
        order = rng.permutation(n)
        alone = np.concatenate([f(batch[i : i + 1]) for i in range(n)])
        if not np.array_equal(together, alone):
            return False
        if not np.allclose(together[order], f(batch[order]), rtol=0, atol=1e-9):
            return False
    return True
