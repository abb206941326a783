"""Lets the judge move with mu, too."""

from solution import *

LOSES = ("test_slopes_of_a_forger",)
SAYS = "the judge moves with mu, too"


def slopes_of_a_forger(mu, n, seed):
    z = mu + np.random.default_rng(seed).standard_normal(n)
    logit = mu**2 / 2 - mu * z
    return (z * chance(logit)).mean(), (z * chance(-logit)).mean()
