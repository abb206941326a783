"""Counts the equal sixteenths."""

from solution import *

LOSES = ("test_self_similarity",)
SAYS = "their share is asked for"


def self_similarity(steps, bars):
    begun = np.where(steps < 128, np.arange(steps.shape[1]), 0)
    begun = np.where(steps == 129, np.arange(steps.shape[1]), begun)
    last = np.maximum.accumulate(begun, axis=1)
    sound = np.take_along_axis(steps, last, axis=1).reshape(len(steps), bars, -1)
    return (sound[:, :, None] == sound[:, None]).sum(axis=3)


def by_lag(steps, bars):
    import solution

    return solution.by_lag(steps, bars)
