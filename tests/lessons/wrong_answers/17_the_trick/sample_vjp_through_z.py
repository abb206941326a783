"""Takes the vjp through all of z, and mu does not depend on log_var."""

from solution import *

LOSES = ("test_reparameterize",)
SAYS = "mu does not depend on log_var"


def reparameterize(mu, log_var, eps):
    z = mu + np.exp(log_var / 2) * eps
    return z, (lambda g: g, lambda g: g * z / 2)
