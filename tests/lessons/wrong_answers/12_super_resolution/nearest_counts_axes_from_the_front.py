"""Axes 0 and 1, where pictures may have others in front."""

from solution import *

LOSES = ("test_enlarge_nearest_and_the_adjoint_of_shrink",)
SAYS = "expected shape"


def enlarge_nearest(small, factor):
    return small.repeat(factor, axis=0).repeat(factor, axis=1)
