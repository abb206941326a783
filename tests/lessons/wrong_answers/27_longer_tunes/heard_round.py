"""The last step is heard before the first."""

from solution import *

LOSES = ("test_heard",)
SAYS = "it must hear nothing"


def heard(steps, bars):
    return side_by_side(np.roll(steps, 1, axis=0), bars)[0]
