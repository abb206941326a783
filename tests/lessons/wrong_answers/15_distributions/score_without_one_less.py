"""Divides by the number of pictures."""

from solution import *

LOSES = ("test_score_counts_pictures",)
SAYS = "ddof=1"


def score(nats):
    of_each = np.mean(nats, axis=1)
    return np.mean(of_each), np.std(of_each) / np.sqrt(len(nats))
