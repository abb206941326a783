"""Compares the beginnings of notes."""

from solution import *

LOSES = ("test_self_similarity",)
SAYS = "a note sounds until the next one"


def self_similarity(steps, bars):
    sound = np.where(steps < 128, steps, 255).reshape(len(steps), bars, -1)
    return (sound[:, :, None] == sound[:, None]).mean(axis=3)


def by_lag(steps, bars):
    import solution

    return solution.by_lag(steps, bars)
