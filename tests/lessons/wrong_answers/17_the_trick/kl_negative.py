"""The sum of the paper, without the minus in front of it."""

from solution import *

LOSES = ("test_gaussian_kl",)
SAYS = "a KL is never negative"


def gaussian_kl(mu, log_var):
    var = np.exp(log_var)
    kl = np.sum(1 + log_var - mu**2 - var, axis=1) / 2
    return kl, (lambda g: -g[:, None] * mu, lambda g: g[:, None] * (1 - var) / 2)
