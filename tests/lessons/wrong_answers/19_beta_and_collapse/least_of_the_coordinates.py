"""What one coordinate tells of the other."""

from solution import *

LOSES = ("test_least_kl",)
SAYS = "a code between them needs more"


def least_kl(angle, long, short):
    first = long * np.cos(angle) ** 2 + short * np.sin(angle) ** 2
    return float(np.log(first * (long + short - first) / (long * short)) / 2)
