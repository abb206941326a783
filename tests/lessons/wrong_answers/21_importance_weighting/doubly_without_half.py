"""Forgets the half."""

from solution import *

LOSES = ("test_doubly_slopes",)
SAYS = "the factor 1/2 is missing"


def doubly_slopes(log_joint, slope, mu, log_var, eps):
    share, at, std = both_slopes(log_joint, slope, mu, log_var, eps)
    through_z = share**2 * (at + eps / std)
    return through_z.sum(axis=0), (through_z * std * eps).sum(axis=0)
