"""Divides by the root of all darts."""

from solution import *

LOSES = ("test_score_counts_pictures",)
SAYS = "divided by the root of the number of darts"


def score(nats):
    of_each = np.mean(nats, axis=1)
    return np.mean(of_each), np.std(of_each, ddof=1) / np.sqrt(nats.size)
