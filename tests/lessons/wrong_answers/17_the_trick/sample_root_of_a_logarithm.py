"""Takes the root of log_var."""

from solution import *

LOSES = ("test_reparameterize",)
SAYS = "the root of a negative number"


def reparameterize(mu, log_var, eps):
    noise = np.sqrt(log_var) * eps
    return mu + noise, (lambda g: g, lambda g: g * noise / 2)
