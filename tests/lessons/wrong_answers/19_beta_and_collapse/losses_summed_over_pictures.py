"""Neither is divided by the number of pictures."""

from solution import *

LOSES = ("test_vae_losses",)
SAYS = "not divided by the number of pictures"


def vae_losses(x, copies, mu, log_var, noise):
    reconstruction = np.sum((x - copies) ** 2) / (2 * noise)
    return reconstruction, np.sum(mu**2 + np.exp(log_var) - 1 - log_var) / 2
