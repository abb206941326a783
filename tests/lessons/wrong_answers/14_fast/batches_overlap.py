"""The step is not mended."""

import numpy as np
from solution import *

LOSES = ("test_in_batches",)
SAYS = "rows of the batches"


def in_batches(function, x, batch_size=128, dtype=np.float32):
    results = []
    for start in range(0, len(x), 128):
        batch = x[start : start + batch_size]
        results.append(function(batch.astype(dtype)))
    return np.concatenate(results)
