"""Counts the kinds, without g."""

from solution import *

LOSES = ("test_embedding",)
SAYS = "g is missing"


def embedding(kinds, table):
    def of_table(g):
        slopes = np.zeros_like(table)
        np.add.at(slopes, kinds, 1)
        return slopes

    return table[kinds], (of_table,)
