"""The others are never shown."""

from solution import *

LOSES = ("test_train",)
SAYS = "of the others"

train_both = train


def train(own, others, latent, seed):
    return train_both(own, own, latent, seed)
