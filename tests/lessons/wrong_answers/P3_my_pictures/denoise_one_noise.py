"""One noise is made before the first epoch, and kept: the network learns it."""

import numpy as np
from solution import *

LOSES = ("test_denoiser",)
SAYS = "one noise for all epochs"


def train(pieces, k, level, seed):
    (weight, bias), (mean, components, scale) = start = begin(pieces, level, seed)
    x = fog(pieces, level, level, [seed, EPOCHS]) @ weight + bias
    target = encode(pieces, mean, components) / scale
    autoencoder, states = new_autoencoder((NUMBERS, 128, 64, k), seed), None
    for epoch in range(EPOCHS):
        order = np.random.default_rng([seed, epoch]).permutation(len(pieces))
        for rows in np.array_split(order, len(pieces) // 64):
            _, slopes = loss_and_slopes(autoencoder, x[rows], target[rows])
            autoencoder, states = step(autoencoder, slopes, states, 0.003 * (1 - epoch / EPOCHS))
    return start, autoencoder
