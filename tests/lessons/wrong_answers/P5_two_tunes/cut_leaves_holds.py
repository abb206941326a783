"""What still sounds does not begin again."""

import numpy as np
from solution import *

LOSES = ("test_cut",)
SAYS = "begin what still sounds again"


def cut(steps, every):
    starts = np.arange(0, len(steps) - 2 * BAR + 1, every)
    pieces = steps[starts[:, None] + np.arange(2 * BAR)]
    return pieces
