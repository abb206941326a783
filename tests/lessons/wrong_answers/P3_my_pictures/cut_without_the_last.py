"""The range ends one too early."""

from solution import *
from solution import cut as solution_cut

LOSES = ("test_cut",)
SAYS = "the last piece that fits is missing"


def cut(pictures, size, step):
    return solution_cut([picture[:-1, :-1] for picture in pictures], size, step)
