"""Halves in place of quarters."""

from solution import *

LOSES = ("test_attribute_vector",)
SAYS = "a quarter on each side, not a half"


def attribute_vector(z, amount):
    much = amount > np.median(amount)
    return z[much].mean(axis=0) - z[~much].mean(axis=0)
