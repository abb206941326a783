"""Bits."""

import solution
from solution import *

LOSES = ("test_bill",)
SAYS = "these are bits"


def bill(p, q):
    return tuple(one / np.log(2) for one in solution.bill(p, q))
