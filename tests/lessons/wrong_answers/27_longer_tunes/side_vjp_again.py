"""The way back cuts into bars once more."""

from solution import *

LOSES = ("test_side_by_side",)
SAYS = "the way back cuts into bars once more"


def side_by_side(steps, bars):
    def cut(array):
        t, n, kinds = len(steps), steps.shape[1], steps.shape[2]
        return array.reshape(bars, t // bars, n, kinds).swapaxes(0, 1)

    n, kinds = steps.shape[1:]
    return cut(steps).reshape(-1, bars * n, kinds), (lambda g: cut(g).reshape(steps.shape),)
