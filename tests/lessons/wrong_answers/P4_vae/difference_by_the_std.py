"""The spread of the pictures for the error of their mean."""

from solution import *

LOSES = ("test_bounds_and_difference",)
SAYS = "smaller by the root of their number"


def difference(ours, theirs):
    gain = ours - theirs
    return gain.mean(), gain.std(ddof=1)
