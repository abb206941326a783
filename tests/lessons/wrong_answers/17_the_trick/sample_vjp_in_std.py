"""Stops at the slope in std."""

from solution import *

LOSES = ("test_reparameterize",)
SAYS = "the chain goes on to log_var"


def reparameterize(mu, log_var, eps):
    return mu + np.exp(log_var / 2) * eps, (lambda g: g, lambda g: g * eps)
