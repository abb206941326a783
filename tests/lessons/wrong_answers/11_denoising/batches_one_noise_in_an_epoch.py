"""All batches of an epoch get the same noise."""

import numpy as np
from solution import *

LOSES = ("test_noisy_batches",)
SAYS = "give each batch a seed of its own"


def noisy_batches(clean, batch_size, corrupt, epoch, seed):
    order = np.random.default_rng([seed, epoch]).permutation(len(clean))
    pairs = []
    for start in range(0, len(clean), batch_size):
        target = clean[order[start : start + batch_size]]
        pairs.append((corrupt(target, [seed, epoch]), target))
    return pairs
