"""The smaller last batch is dropped."""

import numpy as np
from solution import *

LOSES = ("test_noisy_batches",)
SAYS = "expected batches of"


def noisy_batches(clean, batch_size, corrupt, epoch, seed):
    order = np.random.default_rng([seed, epoch]).permutation(len(clean))
    pairs = []
    for batch, start in enumerate(range(0, len(clean) - batch_size + 1, batch_size)):
        target = clean[order[start : start + batch_size]]
        pairs.append((corrupt(target, [seed, epoch, batch]), target))
    return pairs
