"""One option is mended."""

import numpy as np
from solution import *

LOSES = ("test_in_batches",)
SAYS = "dtype is accepted and ignored"


def in_batches(function, x, batch_size=128, dtype=np.float32):
    results = []
    for start in range(0, len(x), batch_size):
        batch = x[start : start + batch_size]
        results.append(function(batch.astype(np.float32)))
    return np.concatenate(results)
