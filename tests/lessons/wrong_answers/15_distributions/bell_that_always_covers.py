"""p throws both times."""

import solution
from solution import *

LOSES = ("test_best_bell",)
SAYS = "that is the best bell for the other order"


def best_bell(x, p, means, stds):
    covers, _ = solution.best_bell(x, p, means, stds)
    return covers, covers
