"""From the mean of all melodies."""

from solution import *

LOSES = ("test_attribute_vector",)
SAYS = "not with the mean of all"


def attribute_vector(z, amount):
    return z[amount >= np.quantile(amount, 0.75)].mean(axis=0) - z.mean(axis=0)
