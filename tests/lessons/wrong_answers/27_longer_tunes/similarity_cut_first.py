"""Cuts before it asks what sounds."""

from solution import *

LOSES = ("test_self_similarity",)
SAYS = "find what sounds first, then cut"


def self_similarity(steps, bars):
    each = steps.reshape(len(steps) * bars, -1)
    begun = np.where(each == 128, 0, np.arange(each.shape[1]))
    last = np.maximum.accumulate(begun, axis=1)
    sound = np.take_along_axis(each, last, axis=1).reshape(len(steps), bars, -1)
    return (sound[:, :, None] == sound[:, None]).mean(axis=3)


def by_lag(steps, bars):
    import solution

    return solution.by_lag(steps, bars)
