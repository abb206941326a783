"""The way back is a reshape alone."""

from solution import *

LOSES = ("test_side_by_side",)
SAYS = "it must undo the move of the axis"


def side_by_side(steps, bars):
    t, n, kinds = steps.shape
    parts = steps.reshape(bars, t // bars, n, kinds).swapaxes(0, 1)
    return parts.reshape(t // bars, bars * n, kinds), (lambda g: g.reshape(t, n, kinds),)
