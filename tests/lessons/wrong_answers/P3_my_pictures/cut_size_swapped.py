"""Columns and rows."""

from solution import *
from solution import cut as solution_cut

LOSES = ("test_cut",)
SAYS = "size is (rows, columns)"


def cut(pictures, size, step):
    return solution_cut(pictures, size[::-1], step)
