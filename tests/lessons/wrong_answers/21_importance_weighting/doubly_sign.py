"""The slope of ln q, not of -ln q."""

from solution import *

LOSES = ("test_doubly_slopes",)
SAYS = "has the other sign"


def doubly_slopes(log_joint, slope, mu, log_var, eps):
    share, at, std = both_slopes(log_joint, slope, mu, log_var, eps)
    through_z = share**2 * (at - eps / std)
    return through_z.sum(axis=0), (through_z * std * eps).sum(axis=0) / 2
