"""A block is taken for a row."""

from solution import *

LOSES = ("test_enlarge_nearest_and_the_adjoint_of_shrink",)
SAYS = "1 / factor² in the mean"


def shrink_adjoint(g, factor):
    return g.repeat(factor, axis=-2).repeat(factor, axis=-1) / factor
