"""Draws z with the wrong width."""

from solution import *

LOSES = ("test_score_function",)
SAYS = "z has the wrong width"


def score_function(f, mu, log_var, eps):
    values = f(mu + np.exp(log_var) * eps)
    return values * eps / np.exp(log_var / 2), values * (eps**2 - 1) / 2
