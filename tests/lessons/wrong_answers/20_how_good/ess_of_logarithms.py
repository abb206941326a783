"""Sums of logarithms."""

from solution import *

LOSES = ("test_effective_sample_size",)
SAYS = "sums of the logarithms"


def effective_sample_size(log_weights):
    return log_weights.sum(axis=0) ** 2 / np.sum(log_weights**2, axis=0)
