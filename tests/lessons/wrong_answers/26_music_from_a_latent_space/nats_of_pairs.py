"""The surprise at the pair."""

from solution import *

LOSES = ("test_nats_left",)
SAYS = "that is the surprise at the pair"


def nats_left(x, kinds, dropout):
    pairs = np.zeros((kinds, kinds))
    np.add.at(pairs, (x[:, :-1], x[:, 1:]), 1)
    told = pairs / pairs.sum()
    blind = np.broadcast_to(pairs.sum(axis=0) / pairs.sum(), pairs.shape)
    seen = pairs > 0
    nats = -(dropout * np.log(blind[seen]) + (1 - dropout) * np.log(told[seen]))
    return (pairs[seen] * nats).sum() / pairs.sum()
