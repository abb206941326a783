"""The KL the other way round."""

import solution
from solution import *

LOSES = ("test_bill",)
SAYS = "the other way round"


def bill(p, q):
    return *solution.bill(p, q)[:2], solution.bill(q, p)[2]
