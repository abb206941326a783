"""Sorted as numbers are."""

from solution import *
from solution import worst as solution_worst

LOSES = ("test_worst",)
SAYS = "the best picture comes first"


def worst(copies, pieces, owners):
    return solution_worst(copies, pieces, owners)[::-1]
