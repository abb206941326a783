"""Averages over the numbers of the code."""

from solution import *

LOSES = ("test_gaussian_kl",)
SAYS = "a mean over the numbers of the code"


def gaussian_kl(mu, log_var):
    var = np.exp(log_var)
    kl = np.mean(mu**2 + var - 1 - log_var, axis=1) / 2
    return kl, (lambda g: g[:, None] * mu / mu.shape[1], lambda g: g[:, None] * (var - 1) / 2 / mu.shape[1])
