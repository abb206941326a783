"""Every sample counts alike."""

from solution import *

LOSES = ("test_standard_slopes",)
SAYS = "take the merits"


def standard_slopes(log_joint, slope, mu, log_var, eps):
    _, at, std = both_slopes(log_joint, slope, mu, log_var, eps)
    share = 1 / len(eps)
    in_log_var = (at * std * eps + 1) / 2
    return (share * at).sum(axis=0), (share * in_log_var).sum(axis=0)
