"""Money, and not shares of it."""

from solution import *

LOSES = ("test_shares_are_posteriors",)
SAYS = "divide by their sum"


def shares(money, bets, outcomes):
    return money * np.prod(bets[:, outcomes], axis=1)
