"""Cut, then shuffled."""

import numpy as np
from solution import *

LOSES = ("test_batches",)
SAYS = "shuffle the rows, then cut"


def batches(count, batch_size, seed):
    starts = np.random.default_rng(seed).permutation(range(0, count, batch_size))
    cut = [np.arange(start, min(start + batch_size, count)) for start in starts]
    return sorted(cut, key=len, reverse=True)
