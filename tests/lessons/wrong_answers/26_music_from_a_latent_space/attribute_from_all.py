"""From the mean of all melodies."""

from solution import *

LOSES = ("test_attribute_vector",)
SAYS = "not with the mean of all"


def attribute_vector(z, amount):
    few, many = np.quantile(amount, (0.25, 0.75))
    return z[amount >= many].mean(axis=0) - z.mean(axis=0)
