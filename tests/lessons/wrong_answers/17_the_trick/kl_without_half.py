"""Without the factor 1/2."""

from solution import *

LOSES = ("test_gaussian_kl",)
SAYS = "the factor 1/2 is missing"


def gaussian_kl(mu, log_var):
    var = np.exp(log_var)
    kl = np.sum(mu**2 + var - 1 - log_var, axis=1)
    return kl, (lambda g: 2 * g[:, None] * mu, lambda g: g[:, None] * (var - 1))
