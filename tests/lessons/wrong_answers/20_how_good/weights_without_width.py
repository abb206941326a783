"""Forgets that a narrow bell is high."""

from solution import *

LOSES = ("test_log_weights",)
SAYS = "a narrow bell is a high one"


def log_weights(x, mean, W, var, mu, log_var, eps):
    z = mu + np.exp(log_var / 2) * eps
    missed = x - mean - z @ W.T
    ln_picture = -0.5 * np.sum(missed**2 / var + np.log(2 * np.pi * var), axis=2)
    return ln_picture + 0.5 * np.sum(eps**2 - z**2, axis=2)
