"""What it begins with."""

from solution import *

LOSES = ("test_coins", "test_bells")
SAYS = "nats less than the rival"


def train(x, likelihood, latent, seed):
    return new_vae(x, likelihood, latent, seed)
