"""B6: the reconstruction is averaged over pixels, the KL summed."""

from solution import *

LOSES = ("test_vae_losses",)
SAYS = "does not double with them"


def vae_losses(x, copies, mu, log_var, noise):
    reconstruction = np.mean((x - copies) ** 2) / (2 * noise)
    kl = np.sum(mu**2 + np.exp(log_var) - 1 - log_var) / 2 / len(x)
    return reconstruction, kl
