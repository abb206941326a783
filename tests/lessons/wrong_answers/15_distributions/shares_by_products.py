"""A product of probabilities underflows."""

from solution import *

LOSES = ("test_shares_are_posteriors",)
SAYS = "a product of so many probabilities"


def shares(money, bets, outcomes):
    rich = money * np.prod(bets[:, outcomes], axis=1)
    return rich / rich.sum()
