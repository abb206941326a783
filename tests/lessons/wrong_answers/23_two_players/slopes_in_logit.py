"""Forgets how the logit moves with z."""

from solution import *

LOSES = ("test_slopes_of_a_forger",)
SAYS = "that is in the logit"


def slopes_of_a_forger(mu, n, seed):
    z = mu + np.random.default_rng(seed).standard_normal(n)
    logit = mu**2 / 2 - mu * z
    return (-chance(logit)).mean(), (-chance(-logit)).mean()
