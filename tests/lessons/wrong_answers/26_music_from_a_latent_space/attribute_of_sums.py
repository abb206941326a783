"""Sums in place of means."""

from solution import *

LOSES = ("test_attribute_vector",)
SAYS = "may not be equally large"


def attribute_vector(z, amount):
    few, many = np.quantile(amount, (0.25, 0.75))
    return z[amount >= many].sum(axis=0) - z[amount <= few].sum(axis=0)
