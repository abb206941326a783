"""Drawn with repeats."""

import numpy as np
from solution import *

LOSES = ("test_noisy_batches",)
SAYS = "others come twice"


def noisy_batches(clean, batch_size, corrupt, epoch, seed):
    order = np.random.default_rng([seed, epoch]).integers(0, len(clean), len(clean))
    pairs = []
    for batch, start in enumerate(range(0, len(clean), batch_size)):
        target = clean[order[start : start + batch_size]]
        pairs.append((corrupt(target, [seed, epoch, batch]), target))
    return pairs
