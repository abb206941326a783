"""Takes the second of the two."""

from solution import *

LOSES = ("test_in_its_style",)
SAYS = "that is the log_var"


def in_its_style(picture, label, encode, decode):
    _, mu = encode(picture[None], np.array([label]))
    return decode(mu.repeat(10, axis=0), np.arange(10))
