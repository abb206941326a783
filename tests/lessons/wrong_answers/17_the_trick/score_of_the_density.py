"""Multiplies by ln q, and not by its slope."""

from solution import *

LOSES = ("test_score_function",)
SAYS = "its slope is asked for"


def score_function(f, mu, log_var, eps):
    std = np.exp(log_var / 2)
    z = mu + std * eps
    return f(z) * (-(eps**2) / 2 - log_var / 2), f(z) * (eps**2 - 1) / 2
