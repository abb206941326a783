"""A reshape alone, both ways."""

from solution import *

LOSES = ("test_side_by_side",)
SAYS = "a reshape alone takes a step from each bar"


def side_by_side(steps, bars):
    t, n, kinds = steps.shape
    return steps.reshape(t // bars, bars * n, kinds), (lambda g: g.reshape(t, n, kinds),)
