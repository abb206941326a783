"""Takes std where E[z^2] has the variance."""

from solution import *

LOSES = ("test_gaussian_kl",)
SAYS = "std stands where the variance belongs"


def gaussian_kl(mu, log_var):
    var = np.exp(log_var)
    kl = np.sum(mu**2 + np.sqrt(var) - 1 - log_var, axis=1) / 2
    return kl, (lambda g: g[:, None] * mu, lambda g: g[:, None] * (np.sqrt(var) / 2 - 1) / 2)
