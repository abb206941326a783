"""Takes columns."""

from solution import *

LOSES = ("test_embedding",)
SAYS = "a row of the table, not a column"


def embedding(kinds, table):
    def of_table(g):
        slopes = np.zeros_like(table)
        np.add.at(slopes, kinds, g)
        return slopes

    return table.T[kinds], (of_table,)
