"""The others are never shown."""

import numpy as np
from solution import *

LOSES = ("test_train",)
SAYS = "of the others"


def train(own, others, latent, seed):
    vae, states = new_vae(latent, seed), None
    for number in range(150):
        x = np.tile(kinds_of(own), (4, 1))
        told = steps_before(x, KINDS, DROPOUT, [seed, number, 1]).astype(np.float32)
        eps = np.random.default_rng([seed, number]).standard_normal((len(x), latent), np.float32)
        _, _, slopes = negative_elbo(vae, x, told, eps, BETA)
        vae, states = step(vae, slopes, states, LR * min(1, 2 * (1 - number / 150)))
    return vae
