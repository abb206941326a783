"""Not shuffled."""

import numpy as np
from solution import *

LOSES = ("test_batches",)
SAYS = "shuffle them"


def batches(count, batch_size, seed):
    order = np.arange(count)
    return [order[start : start + batch_size] for start in range(0, count, batch_size)]
