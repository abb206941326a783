"""Subtracts the mean once more."""

from solution import *

LOSES = ("test_encode_and_decode",)
SAYS = "so put it back"


def decode(codes, mean, components):
    return codes @ components - mean
