"""The squares on top."""

from solution import *

LOSES = ("test_effective_sample_size",)
SAYS = "upside down"

right = effective_sample_size


def effective_sample_size(log_weights):
    return 1 / right(log_weights)
