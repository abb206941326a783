"""The bell stands still, and its density in z is forgotten."""

from solution import *

LOSES = ("test_doubly_slopes",)
SAYS = "the slope of -ln q in z is missing"


def doubly_slopes(log_joint, slope, mu, log_var, eps):
    share, at, std = both_slopes(log_joint, slope, mu, log_var, eps)
    through_z = share**2 * at
    return through_z.sum(axis=0), (through_z * std * eps).sum(axis=0) / 2
