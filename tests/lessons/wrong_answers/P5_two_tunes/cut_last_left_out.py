"""The last one that fits is missing."""

import numpy as np
from solution import *

LOSES = ("test_cut",)
SAYS = "so it needs + 1"


def cut(steps, every):
    begun = np.maximum.accumulate(np.where(steps == HOLD, 0, np.arange(len(steps))))
    starts = np.arange(0, len(steps) - 2 * BAR, every)
    pieces = steps[starts[:, None] + np.arange(2 * BAR)]
    pieces[:, 0] = steps[begun[starts]]
    return pieces
