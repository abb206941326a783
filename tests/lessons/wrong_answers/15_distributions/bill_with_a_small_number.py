"""A small number inside of each logarithm."""

from solution import *

LOSES = ("test_bill",)
SAYS = "A small number inside of a logarithm"


def bill(p, q):
    entropy, cost = -np.sum(p * np.log(p + 1e-8)), -np.sum(p * np.log(q + 1e-8))
    return entropy, cost, cost - entropy
