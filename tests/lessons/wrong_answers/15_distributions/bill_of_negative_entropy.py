"""The minus of the entropy was forgotten."""

import solution
from solution import *

LOSES = ("test_bill",)
SAYS = "a surprise is minus a logarithm"


def bill(p, q):
    entropy, cost, kl = solution.bill(p, q)
    return -entropy, cost, kl
