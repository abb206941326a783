"""The std of the darts, by the number of pictures."""

from solution import *

LOSES = ("test_score_counts_pictures",)
SAYS = "first take the mean of each picture"


def score(nats):
    return np.mean(nats), np.std(nats, ddof=1) / np.sqrt(len(nats))
