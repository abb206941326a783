"""The two answers in the other order."""

import solution
from solution import *

LOSES = ("test_best_bell",)
SAYS = "KL"


def best_bell(x, p, means, stds):
    return solution.best_bell(x, p, means, stds)[::-1]
