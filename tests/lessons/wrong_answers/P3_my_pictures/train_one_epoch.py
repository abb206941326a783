"""Far too early."""

import numpy as np
from solution import *

LOSES = (
    "test_copies_of_clothes",
    "test_copies_of_drawings",
)
SAYS = "dB more than PCA"


def train(pieces, k, level, seed):
    mean, components = pca(pieces, NUMBERS)
    scale = encode(pieces, mean, components).std()
    start = np.eye(len(mean), dtype=np.float32), np.zeros_like(mean), mean, components, scale
    autoencoder, states = new_autoencoder((NUMBERS, 128, 64, k), seed), None
    for epoch in range(1):
        for rows in np.array_split(np.random.default_rng([seed, epoch]).permutation(len(pieces)), len(pieces) // 64):
            x = numbers(start, pieces[rows])
            _, slopes = loss_and_slopes(autoencoder, x, x)
            autoencoder, states = step(autoencoder, slopes, states, 0.001)
    return start, autoencoder
