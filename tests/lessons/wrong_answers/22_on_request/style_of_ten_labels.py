"""Reads the picture with ten labels."""

from solution import *

LOSES = ("test_in_its_style",)
SAYS = "read with ten labels"


def in_its_style(picture, label, encode, decode):
    mu, _ = encode(picture[None].repeat(10, axis=0), np.arange(10))
    return decode(mu, np.arange(10))
