"""PCA may look at what it is tested on."""

from solution import *
from solution import compare as solution_compare

LOSES = ("test_compare",)
SAYS = "PCA is fitted to the new pieces"


def compare(copies, k, learned, new):
    return solution_compare(copies, k, new, new)
