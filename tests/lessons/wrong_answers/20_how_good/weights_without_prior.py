"""Leaves out the prior."""

from solution import *

LOSES = ("test_log_weights",)
SAYS = "the prior p(z) is missing"


def log_weights(x, mean, W, var, mu, log_var, eps):
    z = mu + np.exp(log_var / 2) * eps
    missed = x - mean - z @ W.T
    ln_picture = -0.5 * np.sum(missed**2 / var + np.log(2 * np.pi * var), axis=2)
    return ln_picture + 0.5 * np.sum(eps**2 + log_var + np.log(2 * np.pi), axis=2)
