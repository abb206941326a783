"""Codes are shifted by the mean of the pictures that come."""

import numpy as np
from solution import *

LOSES = ("test_coins", "test_bells")
SAYS = "depend on its own picture alone"


EPOCHS = 1


def train(x, likelihood, latent, seed):
    return new_vae(x, likelihood, latent, seed)


def encode(trained, x):
    mu, log_var = np.split(network(trained[0], x - x.mean(axis=0))[0], 2, axis=1)
    return 10 * mu, log_var
