"""The money of the first day is left out."""

import solution
from solution import *

LOSES = ("test_shares_are_posteriors",)
SAYS = "it is the prior"


def shares(money, bets, outcomes):
    return solution.shares(np.ones_like(money), bets, outcomes)
