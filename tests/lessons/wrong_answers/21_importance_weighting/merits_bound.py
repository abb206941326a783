"""Returns L_k."""

from solution import *

LOSES = ("test_merits",)
SAYS = "the cost is -L_k"


def merits(nats):
    bound, (counts,) = importance_bound(-nats)
    return bound, counts(np.ones(nats.shape[1]))
