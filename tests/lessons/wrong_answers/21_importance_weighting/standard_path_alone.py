"""Forgets the score."""

from solution import *

LOSES = ("test_standard_slopes",)
SAYS = "that part is missing"


def standard_slopes(log_joint, slope, mu, log_var, eps):
    share, at, std = both_slopes(log_joint, slope, mu, log_var, eps)
    at = at + eps / std
    in_log_var = (at * std * eps + 1) / 2
    return (share * at).sum(axis=0), (share * in_log_var).sum(axis=0)
