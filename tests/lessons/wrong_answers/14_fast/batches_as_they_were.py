"""B9, as it was."""

import numpy as np
from solution import *

LOSES = ("test_in_batches",)
SAYS = "batch_size is accepted and ignored"


def in_batches(function, x, batch_size=128, dtype=np.float32):
    results = []
    for start in range(0, len(x), 128):
        batch = x[start : start + 128]
        results.append(function(batch.astype(np.float32)))
    return np.concatenate(results)
