"""The pictures come in their own order."""

from solution import *

LOSES = ("test_noisy_batches",)
SAYS = "the same order"


def noisy_batches(clean, batch_size, corrupt, epoch, seed):
    order = list(range(len(clean)))
    pairs = []
    for batch, start in enumerate(range(0, len(clean), batch_size)):
        target = clean[order[start : start + batch_size]]
        pairs.append((corrupt(target, [seed, epoch, batch]), target))
    return pairs
