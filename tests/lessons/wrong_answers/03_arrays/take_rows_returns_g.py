"""g as it is."""

from solution import *

LOSES = ("test_take_rows",)
SAYS = "must go back to the places"


def take_rows(x, rows):
    return x[rows], (lambda g: g,)
