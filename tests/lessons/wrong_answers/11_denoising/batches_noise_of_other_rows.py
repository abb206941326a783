"""All pictures are made noisy in their order; the targets are shuffled."""

import numpy as np
from solution import *

LOSES = ("test_noisy_batches",)
SAYS = "Do input and target have the same rows"


def noisy_batches(clean, batch_size, corrupt, epoch, seed):
    order = np.random.default_rng([seed, epoch]).permutation(len(clean))
    noisy, starts = corrupt(clean, [seed, epoch]), range(0, len(clean), batch_size)
    return [(noisy[start : start + batch_size], clean[order[start : start + batch_size]]) for start in starts]
