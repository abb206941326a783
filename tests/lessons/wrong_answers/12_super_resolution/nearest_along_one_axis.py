"""Only the rows become longer."""

from solution import *

LOSES = ("test_enlarge_nearest_and_the_adjoint_of_shrink",)
SAYS = "repeat along both"


def enlarge_nearest(small, factor):
    return small.repeat(factor, axis=-1)
