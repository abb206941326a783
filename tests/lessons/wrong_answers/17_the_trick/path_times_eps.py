"""Multiplies the slope in mu by eps."""

from solution import *

LOSES = ("test_pathwise",)
SAYS = "no eps here"


def pathwise(slope, mu, log_var, eps):
    std = np.exp(log_var / 2)
    at = slope(mu + std * eps)
    return at * eps, at * std * eps / 2
