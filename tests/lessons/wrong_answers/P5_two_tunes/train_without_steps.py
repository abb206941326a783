"""No step is taken."""

from solution import *

LOSES = ("test_train",)
SAYS = "Expected 0.8 of the own ones"


def train(own, others, latent, seed):
    return new_vae(latent, seed)
