"""Zero times the logarithm of zero."""

from solution import *

LOSES = ("test_bill",)
SAYS = "leave out what never happens"


def bill(p, q):
    entropy, cost = -np.sum(p * np.log(p)), -np.sum(p * np.log(q))
    return entropy, cost, np.sum(p * np.log(p / q))
