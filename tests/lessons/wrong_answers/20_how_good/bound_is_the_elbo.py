"""The mean of logarithms."""

from solution import *

LOSES = ("test_bound",)
SAYS = "the logarithm of the mean is asked for"


def bound(log_weights):
    return log_weights.mean(axis=0)
