"""Multiplies a row by a column's g."""

from solution import *

LOSES = ("test_gaussian_kl",)
SAYS = "each number of its code gets it"


def gaussian_kl(mu, log_var):
    var = np.exp(log_var)
    kl = np.sum(mu**2 + var - 1 - log_var, axis=1) / 2
    return kl, (lambda g: g * mu, lambda g: g[:, None] * (var - 1) / 2)
