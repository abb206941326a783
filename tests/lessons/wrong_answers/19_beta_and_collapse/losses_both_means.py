"""Mended the wrong way: now both are means."""

from solution import *

LOSES = ("test_vae_losses",)
SAYS = "does not double with them"


def vae_losses(x, copies, mu, log_var, noise):
    reconstruction = np.mean((x - copies) ** 2) / (2 * noise)
    return reconstruction, np.mean(mu**2 + np.exp(log_var) - 1 - log_var) / 2
