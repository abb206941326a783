"""Rows are taken of g, as forward takes them of x."""

from solution import *

LOSES = ("test_take_rows",)
SAYS = "they are not taken again"


def take_rows(x, rows):
    return x[rows], (lambda g: g[rows],)
