"""Target first."""

import numpy as np
from solution import *

LOSES = ("test_noisy_batches",)
SAYS = "the noisy picture is the input"


def noisy_batches(clean, batch_size, corrupt, epoch, seed):
    order = np.random.default_rng([seed, epoch]).permutation(len(clean))
    pairs = []
    for batch, start in enumerate(range(0, len(clean), batch_size)):
        target = clean[order[start : start + batch_size]]
        pairs.append((target, corrupt(target, [seed, epoch, batch])))
    return pairs
