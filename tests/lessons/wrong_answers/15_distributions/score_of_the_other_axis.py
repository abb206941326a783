"""Averages the pictures first."""

from solution import *

LOSES = ("test_score_counts_pictures",)
SAYS = "averaged over the pictures first"


def score(nats):
    of_darts = nats.mean(axis=0)
    spread = of_darts.std(ddof=1) if len(of_darts) > 1 else 0.0
    return of_darts.mean(), spread / np.sqrt(len(of_darts))
