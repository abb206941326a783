"""Counts darts."""

from solution import *

LOSES = ("test_score_counts_pictures",)
SAYS = "this is still the draft's"


def score(nats):
    return np.mean(nats), np.std(nats, ddof=1) / np.sqrt(nats.size)
