"""From much to little."""

from solution import *

LOSES = ("test_attribute_vector",)
SAYS = "from little to much"


def attribute_vector(z, amount):
    few, many = np.quantile(amount, (0.25, 0.75))
    return z[amount <= few].mean(axis=0) - z[amount >= many].mean(axis=0)
