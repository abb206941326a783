"""q throws in the average surprise."""

import solution
from solution import *

LOSES = ("test_bill",)
SAYS = "q throwing and p paying"


def bill(p, q):
    entropy, _, kl = solution.bill(p, q)
    return entropy, solution.bill(q, p)[1], kl
