"""The seed is not used."""

import numpy as np
from solution import *

LOSES = ("test_batches",)
SAYS = "the seed is not used"


def batches(count, batch_size, seed):
    order = np.random.default_rng(0).permutation(count)
    return [order[start : start + batch_size] for start in range(0, count, batch_size)]
