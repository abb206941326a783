"""Adds up."""

from solution import *

LOSES = ("test_by_lag",)
SAYS = "added up, not averaged"


def by_lag(steps, bars):
    alike = self_similarity(steps, bars).mean(axis=0)
    return np.array([np.trace(alike, offset=lag) for lag in range(1, bars)])
