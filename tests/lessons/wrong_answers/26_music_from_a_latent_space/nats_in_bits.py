"""In bits."""

from solution import *

LOSES = ("test_nats_left",)
SAYS = "that is in bits"


def nats_left(x, kinds, dropout):
    pairs = np.zeros((kinds, kinds))
    np.add.at(pairs, (x[:, :-1], x[:, 1:]), 1)
    told = pairs / np.maximum(pairs.sum(axis=1, keepdims=True), 1)
    blind = np.broadcast_to(pairs.sum(axis=0) / pairs.sum(), pairs.shape)
    seen = pairs > 0
    nats = -(dropout * np.log2(blind[seen]) + (1 - dropout) * np.log2(told[seen]))
    return (pairs[seen] * nats).sum() / pairs.sum()
