"""The rate has the wrong sign."""

import numpy as np
from solution import *

LOSES = ("test_coins", "test_bells")
SAYS = "nats less than the rival"


def train(x, likelihood, latent, seed):
    vae, states = new_vae(x, likelihood, latent, seed), None
    for epoch in range(3):
        lr = -LR * (1 - epoch / EPOCHS)
        seen = prepare(x, likelihood, [seed, epoch, 0])
        rng = np.random.default_rng([seed, epoch, 1])
        for rows in batches(len(x), BATCH_SIZE, [seed, epoch, 2]):
            eps = rng.standard_normal((len(rows), latent), np.float32)
            _, _, slopes = negative_elbo(vae, seen[rows], eps, likelihood)
            vae, states = step(vae, slopes, states, lr)
    return vae
