"""The expected number, by counting what chance does."""

import math

from solution import *

LOSES = ("test_guessers_needed",)
SAYS = "expected"


def guessers_needed(labels, accuracy, seed):
    n = len(labels)
    least = round(accuracy * n)
    chance = sum(math.comb(n, k) * 0.1**k * 0.9 ** (n - k) for k in range(least, n + 1))
    return round(1 / chance)
