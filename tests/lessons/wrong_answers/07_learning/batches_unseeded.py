"""The global generator."""

import numpy as np
from solution import *

LOSES = ("test_batches",)
SAYS = "the same seed gave another order"


def batches(count, batch_size, seed):
    order = np.random.default_rng().permutation(count)
    return [order[start : start + batch_size] for start in range(0, count, batch_size)]
