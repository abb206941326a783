"""Forgets q."""

from solution import *

LOSES = ("test_log_weights",)
SAYS = "ln p(x, z) alone"


def log_weights(log_joint, mu, log_var, eps):
    z = mu + np.exp(log_var / 2) * eps
    return log_joint(z)
