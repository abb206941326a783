"""Merits that are not squared."""

from solution import *

LOSES = ("test_doubly_slopes",)
SAYS = "the merits must be squared"


def doubly_slopes(log_joint, slope, mu, log_var, eps):
    share, at, std = both_slopes(log_joint, slope, mu, log_var, eps)
    through_z = share * (at + eps / std)
    return through_z.sum(axis=0), (through_z * std * eps).sum(axis=0) / 2
