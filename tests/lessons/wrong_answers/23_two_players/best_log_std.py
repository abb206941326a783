"""Reads log_var as the logarithm of std."""

from solution import *

LOSES = ("test_best_logit",)
SAYS = "read as the logarithm of std"


def best_logit(x, mu, log_var, other_mu, other_log_var):
    surprise = ((x - mu) ** 2 / np.exp(2 * log_var) + 2 * log_var).sum(axis=1) / 2
    other_surprise = ((x - other_mu) ** 2 / np.exp(2 * other_log_var) + 2 * other_log_var).sum(axis=1) / 2
    return other_surprise - surprise
