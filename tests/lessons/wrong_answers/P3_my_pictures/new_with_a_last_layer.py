"""It begins somewhere, and not as PCA."""

import numpy as np
from solution import *

LOSES = ("test_new_autoencoder",)
SAYS = "the whole as PCA"


def new_autoencoder(sizes, seed):
    return drawn(sizes, 2 * seed), drawn(sizes[::-1], 2 * seed + 1)


def drawn(sizes, seed):
    weights = [init_weight(n, m, [seed, number]) for number, (m, n) in enumerate(pairwise(sizes))]
    return [(weight.astype(np.float32), np.zeros(len(weight), np.float32)) for weight in weights]
