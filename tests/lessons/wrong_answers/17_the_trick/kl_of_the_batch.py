"""One number for the whole batch."""

from solution import *

LOSES = ("test_gaussian_kl",)
SAYS = "one number for each picture is asked for"


def gaussian_kl(mu, log_var):
    var = np.exp(log_var)
    kl = np.sum(mu**2 + var - 1 - log_var) / 2
    return kl, (lambda g: g[:, None] * mu, lambda g: g[:, None] * (var - 1) / 2)
