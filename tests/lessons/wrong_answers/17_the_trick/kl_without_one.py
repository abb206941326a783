"""Forgets that eps has a mean square of 1."""

from solution import *

LOSES = ("test_gaussian_kl",)
SAYS = "the 1 is missing"


def gaussian_kl(mu, log_var):
    var = np.exp(log_var)
    kl = np.sum(mu**2 + var - log_var, axis=1) / 2
    return kl, (lambda g: g[:, None] * mu, lambda g: g[:, None] * (var - 1) / 2)
