"""Averages the logarithms over the days."""

from solution import *

LOSES = ("test_shares_are_posteriors",)
SAYS = "each day counts in full"


def shares(money, bets, outcomes):
    with np.errstate(divide="ignore"):
        logs = np.log(money) + np.mean(np.log(bets[:, outcomes]), axis=1)
    rich = np.exp(logs)
    return rich / rich.sum()
