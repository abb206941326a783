"""Pixels stay as they are in the file."""

from solution import *
from solution import cut as solution_cut

LOSES = ("test_cut",)
SAYS = "divide by 255"


def cut(pictures, size, step):
    pieces, owners = solution_cut(pictures, size, step)
    return pieces * 255, owners
