"""B6 in reverse: the reconstruction is summed, the KL averaged."""

from solution import *

LOSES = ("test_vae_losses",)
SAYS = "does not double with them"


def vae_losses(x, copies, mu, log_var, noise):
    reconstruction = np.sum((x - copies) ** 2) / (2 * noise) / len(x)
    return reconstruction, np.mean(mu**2 + np.exp(log_var) - 1 - log_var) / 2
