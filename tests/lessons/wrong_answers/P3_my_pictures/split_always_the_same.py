"""Whatever the seed is."""

from solution import *
from solution import split as solution_split

LOSES = ("test_split",)
SAYS = "five other seeds gave the same rows"


def split(owners, share, seed):
    return solution_split(owners, share, 0)
