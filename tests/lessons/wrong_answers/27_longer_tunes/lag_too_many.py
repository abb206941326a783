"""Divides by all bars."""

from solution import *

LOSES = ("test_by_lag",)
SAYS = "only bars - lag such pairs"


def by_lag(steps, bars):
    alike = self_similarity(steps, bars).mean(axis=0)
    return np.array([np.trace(alike, offset=lag) / bars for lag in range(1, bars)])
