"""It gives every pixel all of g."""

from solution import *

LOSES = ("test_enlarge_nearest_and_the_adjoint_of_shrink",)
SAYS = "that is enlarge_nearest"


def shrink_adjoint(g, factor):
    return g.repeat(factor, axis=-2).repeat(factor, axis=-1)
