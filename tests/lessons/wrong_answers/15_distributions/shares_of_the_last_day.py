"""Starts anew every day."""

from solution import *

LOSES = ("test_shares_are_posteriors",)
SAYS = "that is the last day alone"


def shares(money, bets, outcomes):
    for outcome in outcomes:
        rich = money * bets[:, outcome]
    return rich / rich.sum()
