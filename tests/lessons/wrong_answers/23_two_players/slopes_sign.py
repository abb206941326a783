"""The sign is turned."""

from solution import *

LOSES = ("test_slopes_of_a_forger",)
SAYS = "the sign is turned"


def slopes_of_a_forger(mu, n, seed):
    z = mu + np.random.default_rng(seed).standard_normal(n)
    logit = mu**2 / 2 - mu * z
    return (-mu * chance(logit)).mean(), (-mu * chance(-logit)).mean()
