"""Does not put the mean back."""

from solution import *

LOSES = ("test_encode_and_decode",)
SAYS = "the mean was not put back"


def decode(codes, mean, components):
    return codes @ components
