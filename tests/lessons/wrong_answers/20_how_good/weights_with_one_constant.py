"""The constant of the pixels once."""

from solution import *

LOSES = ("test_log_weights",)
SAYS = "once for each pixel"


def log_weights(x, mean, W, var, mu, log_var, eps):
    z = mu + np.exp(log_var / 2) * eps
    missed = x - mean - z @ W.T
    ln_picture = -0.5 * np.sum(missed**2, axis=2) / var - 0.5 * np.log(2 * np.pi * var)
    return ln_picture + 0.5 * np.sum(eps**2 + log_var - z**2, axis=2)
