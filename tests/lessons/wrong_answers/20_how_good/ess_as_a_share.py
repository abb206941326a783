"""Divided by the number of darts."""

from solution import *

LOSES = ("test_effective_sample_size",)
SAYS = "divided by K"

right = effective_sample_size


def effective_sample_size(log_weights):
    return right(log_weights) / len(log_weights)
