"""The sign is right, the cost is a weighted mean."""

from solution import *

LOSES = ("test_merits",)
SAYS = "one mistake is left"


def merits(nats):
    _, (counts,) = importance_bound(-nats)
    v = counts(np.ones(nats.shape[1]))
    return (v * nats).sum(axis=0), v
