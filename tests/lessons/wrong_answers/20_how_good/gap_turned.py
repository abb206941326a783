"""The gap with the other sign."""

from solution import *

LOSES = ("test_prior_gap",)
SAYS = "ln p(x) - L_K"

right = prior_gap


def prior_gap(latent, var, darts, n, seed):
    kl, gap = right(latent, var, darts, n, seed)
    return kl, -gap
