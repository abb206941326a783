"""Forgets log_var beside the sample."""

from solution import *

LOSES = ("test_standard_slopes",)
SAYS = "beside the sample"


def standard_slopes(log_joint, slope, mu, log_var, eps):
    share, at, std = both_slopes(log_joint, slope, mu, log_var, eps)
    in_log_var = (at * std * eps) / 2
    return (share * at).sum(axis=0), (share * in_log_var).sum(axis=0)
