"""The KL without its half."""

from solution import *

LOSES = ("test_prior_gap",)
SAYS = "the factor 1/2 is missing"

right = prior_gap


def prior_gap(latent, var, darts, n, seed):
    kl, gap = right(latent, var, darts, n, seed)
    return 2 * kl, gap
