"""Forgets that the height of the bell depends on log_var."""

from solution import *

LOSES = ("test_score_function",)
SAYS = "the slope of -log_var / 2 is missing"


def score_function(f, mu, log_var, eps):
    std = np.exp(log_var / 2)
    z = mu + std * eps
    return f(z) * eps / std, f(z) * eps**2 / 2
