"""The standard deviation is compared with 0.01."""

from solution import *

LOSES = ("test_active_units",)
SAYS = "it is the variance"


def active_units(mu):
    return int((mu.std(axis=0) > 0.01).sum())
