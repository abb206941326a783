"""Projects without taking the mean away."""

from solution import *

LOSES = (
    "test_encode_and_decode",
    "test_rivals_are_measured_alike",
)
SAYS = "the mean was not taken away before projecting"


def encode(x, mean, components):
    return x @ components.T
