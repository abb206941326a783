"""The gradient keeps the bars side by side."""

from solution import *

LOSES = ("test_side_by_side",)
SAYS = "has the shape of the input"


def side_by_side(steps, bars):
    return np.concatenate(np.split(steps, bars), axis=1), (lambda g: g,)
