"""Only whole batches."""

import numpy as np
from solution import *

LOSES = ("test_batches",)
SAYS = "the last batch is smaller, and was dropped"


def batches(count, batch_size, seed):
    order = np.random.default_rng(seed).permutation(count)
    return [order[start : start + batch_size] for start in range(0, count - batch_size + 1, batch_size)]
