"""Leaves out the constant of ln q."""

from solution import *

LOSES = ("test_log_weights",)
SAYS = "the constant of ln q is missing"


def log_weights(log_joint, mu, log_var, eps):
    z = mu + np.exp(log_var / 2) * eps
    log_q = -(eps**2 + log_var) / 2
    return log_joint(z) - log_q
