"""The last one that comes overwrites the others."""

from solution import *

LOSES = ("test_embedding",)
SAYS = "must add up all its slopes"


def embedding(kinds, table):
    def of_table(g):
        slopes = np.zeros_like(table)
        slopes[kinds] = g
        return slopes

    return table[kinds], (of_table,)
