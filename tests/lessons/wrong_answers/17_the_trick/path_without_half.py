"""Forgets the 1/2 of log_var / 2."""

from solution import *

LOSES = ("test_pathwise",)
SAYS = "the factor 1/2 is missing"


def pathwise(slope, mu, log_var, eps):
    std = np.exp(log_var / 2)
    at = slope(mu + std * eps)
    return at, at * std * eps
