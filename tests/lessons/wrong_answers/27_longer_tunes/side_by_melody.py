"""All bars of the first melody come first."""

from solution import *

LOSES = ("test_side_by_side",)
SAYS = "all bars of the first melody come first"


def side_by_side(steps, bars):
    t, n, kinds = steps.shape
    parts = steps.reshape(bars, t // bars, n, kinds).transpose(1, 2, 0, 3)

    def vjp(g):
        return g.reshape(t // bars, n, bars, kinds).transpose(2, 0, 1, 3).reshape(t, n, kinds)

    return parts.reshape(t // bars, n * bars, kinds), (vjp,)
