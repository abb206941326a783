"""Reads log_var as the logarithm of std."""

from solution import *

LOSES = ("test_gaussian_kl",)
SAYS = "log_var is read as the logarithm of std"


def gaussian_kl(mu, log_var):
    var = np.exp(log_var)
    kl = np.sum(mu**2 + var**2 - 1 - 2 * log_var, axis=1) / 2
    return kl, (lambda g: g[:, None] * mu, lambda g: g[:, None] * (var**2 - 1))
