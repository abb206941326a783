"""Drawn with replacement."""

import numpy as np
from solution import *

LOSES = ("test_batches",)
SAYS = "drawn with repeats"


def batches(count, batch_size, seed):
    order = np.random.default_rng(seed).integers(0, count, count)
    return [order[start : start + batch_size] for start in range(0, count, batch_size)]
