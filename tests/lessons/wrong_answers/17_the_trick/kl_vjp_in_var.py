"""The slope in the variance."""

from solution import *

LOSES = ("test_gaussian_kl",)
SAYS = "that is the slope in the variance"


def gaussian_kl(mu, log_var):
    var = np.exp(log_var)
    kl = np.sum(mu**2 + var - 1 - log_var, axis=1) / 2
    return kl, (lambda g: g[:, None] * mu, lambda g: g[:, None] * (1 - 1 / var) / 2)
