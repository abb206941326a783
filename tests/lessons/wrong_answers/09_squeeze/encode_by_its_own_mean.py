"""Centres new pictures by their own mean."""

from solution import *

LOSES = ("test_encode_and_decode",)
SAYS = "take the mean that was given"


def encode(x, mean, components):
    return (x - x.mean(axis=0)) @ components.T
