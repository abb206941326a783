"""Adds nothing, and exp gives 0."""

from solution import *

LOSES = ("test_bound",)
SAYS = "before exp"


def bound(log_weights):
    return np.log(np.exp(log_weights).mean(axis=0))
