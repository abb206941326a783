"""Forgets to divide by std."""

from solution import *

LOSES = ("test_score_function",)
SAYS = "divide by std"


def score_function(f, mu, log_var, eps):
    std = np.exp(log_var / 2)
    z = mu + std * eps
    return f(z) * eps, f(z) * (eps**2 - 1) / 2
