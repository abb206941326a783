"""Forgets the widths in front of the bells."""

from solution import *

LOSES = ("test_best_logit",)
SAYS = "the widths in front"


def best_logit(x, mu, log_var, other_mu, other_log_var):
    surprise = ((x - mu) ** 2 / np.exp(log_var)).sum(axis=1) / 2
    other_surprise = ((x - other_mu) ** 2 / np.exp(other_log_var)).sum(axis=1) / 2
    return other_surprise - surprise
