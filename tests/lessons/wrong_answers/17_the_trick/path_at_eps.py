"""Asks for the slope at eps."""

from solution import *

LOSES = ("test_pathwise",)
SAYS = "the slope was taken at eps"


def pathwise(slope, mu, log_var, eps):
    std = np.exp(log_var / 2)
    at = slope(eps)
    return at, at * std * eps / 2
