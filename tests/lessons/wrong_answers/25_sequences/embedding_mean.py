"""The mean of the slopes."""

from solution import *

LOSES = ("test_embedding",)
SAYS = "added, not averaged"


def embedding(kinds, table):
    def of_table(g):
        slopes = np.zeros_like(table)
        np.add.at(slopes, kinds, g)
        return slopes / np.maximum(1, np.bincount(kinds.ravel(), minlength=len(table)))[:, None].astype(g.dtype)

    return table[kinds], (of_table,)
