"""Forgets the slope of -log_var."""

from solution import *

LOSES = ("test_gaussian_kl",)
SAYS = "the slope of -log_var is missing"


def gaussian_kl(mu, log_var):
    var = np.exp(log_var)
    kl = np.sum(mu**2 + var - 1 - log_var, axis=1) / 2
    return kl, (lambda g: g[:, None] * mu, lambda g: g[:, None] * var / 2)
