"""Noise of a hundredth, as in an old example (epsilon_std = 0.01)."""

from solution import *

LOSES = ("test_reparameterize",)
SAYS = "a hundred times too small"


def reparameterize(mu, log_var, eps):
    noise = 0.01 * np.exp(log_var / 2) * eps
    return mu + noise, (lambda g: g, lambda g: g * noise / 2)
