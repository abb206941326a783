"""Throws its own dice inside and leaves eps alone."""

from solution import *

LOSES = ("test_reparameterize",)
SAYS = "the value"


def reparameterize(mu, log_var, eps):
    noise = np.random.default_rng(0).standard_normal(mu.shape).astype(mu.dtype) * np.exp(log_var / 2)
    return mu + noise, (lambda g: g, lambda g: g * noise / 2)
