"""Adds the bets in place of multiplying them."""

from solution import *

LOSES = ("test_shares_are_posteriors",)
SAYS = "each day counts in full"


def shares(money, bets, outcomes):
    rich = money * np.sum(bets[:, outcomes], axis=1)
    return rich / rich.sum()
