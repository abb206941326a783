"""The draft."""

from solution import *

LOSES = ("test_option_matters",)
SAYS = "option_matters"


def option_matters(train, one, other, seed):
    first, second = train(one, seed), train(other, seed + 1)
    return first[0] != second[0]
