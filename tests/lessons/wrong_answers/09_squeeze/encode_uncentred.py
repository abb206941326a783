"""Projects without taking the mean away."""

from solution import *

LOSES = ("test_encode_and_decode",)
SAYS = "the mean was not taken away before projecting"


def encode(x, mean, components):
    return x @ components.T
