"""Asks for the slope at the mean."""

from solution import *

LOSES = ("test_pathwise",)
SAYS = "the slope was taken at mu"


def pathwise(slope, mu, log_var, eps):
    std = np.exp(log_var / 2)
    at = slope(np.full_like(eps, mu))
    return at, at * std * eps / 2
