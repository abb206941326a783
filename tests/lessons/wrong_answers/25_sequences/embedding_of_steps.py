"""Hands g back as it is."""

from solution import *

LOSES = ("test_embedding",)
SAYS = "the table has a row for each kind"


def embedding(kinds, table):
    return table[kinds], (lambda g: g,)
