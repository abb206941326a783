"""Both noises are taken to be equal."""

from solution import *

LOSES = ("test_least_kl",)
SAYS = "equal noise"


def least_kl(angle, long, short):
    return float(np.log(long / short) / 2)
