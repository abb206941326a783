"""Forgets the inner slope of log_var / 2."""

from solution import *

LOSES = ("test_reparameterize",)
SAYS = "the factor 1/2 is missing"


def reparameterize(mu, log_var, eps):
    noise = np.exp(log_var / 2) * eps
    return mu + noise, (lambda g: g, lambda g: g * noise)
