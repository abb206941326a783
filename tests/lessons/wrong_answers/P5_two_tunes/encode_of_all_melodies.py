"""Codes are shifted by the mean of the melodies that come."""

from solution import *

LOSES = ("test_train",)
SAYS = "when it comes without the rest"


def train(own, others, latent, seed):
    return new_vae(latent, seed)


encode_each = encode


def encode(trained, steps):
    mu, log_var = encode_each(trained, steps)
    return mu - mu.mean(axis=0), log_var
