"""Ten times the same label."""

from solution import *

LOSES = ("test_in_its_style",)
SAYS = "the same label ten times"


def in_its_style(picture, label, encode, decode):
    mu, _ = encode(picture[None], np.array([label]))
    return decode(mu.repeat(10, axis=0), np.full(10, label))
