"""The draft: a softmax of the loss."""

from solution import *

LOSES = ("test_merits",)
SAYS = "this is still the draft"


def merits(nats):
    shares = np.exp(nats - nats.max(axis=0))
    counts = shares / shares.sum(axis=0)
    return (counts * nats).sum(axis=0), counts
