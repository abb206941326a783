"""Forgets to divide by the number of darts."""

from solution import *

LOSES = ("test_bound",)
SAYS = "a mean is asked for"

right = bound


def bound(log_weights):
    return right(log_weights) + np.log(len(log_weights))
