"""array_split makes them nearly equal."""

import numpy as np
from solution import *

LOSES = ("test_batches",)
SAYS = "expected the sizes"


def batches(count, batch_size, seed):
    order = np.random.default_rng(seed).permutation(count)
    return np.array_split(order, -(-count // batch_size))
