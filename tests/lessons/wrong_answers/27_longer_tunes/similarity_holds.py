"""Compares the steps themselves."""

from solution import *

LOSES = ("test_self_similarity",)
SAYS = "holds are like holds"


def self_similarity(steps, bars):
    sound = steps.reshape(len(steps), bars, -1)
    return (sound[:, :, None] == sound[:, None]).mean(axis=3)


def by_lag(steps, bars):
    import solution

    return solution.by_lag(steps, bars)
