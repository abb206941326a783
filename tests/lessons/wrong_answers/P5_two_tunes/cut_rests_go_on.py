"""Where a rest goes on, a melody begins with a hold."""

import numpy as np
from solution import *

LOSES = ("test_cut",)
SAYS = "begin that again, too"


def cut(steps, every):
    begun = np.maximum.accumulate(np.where(steps == HOLD, 0, np.arange(len(steps))))
    starts = np.arange(0, len(steps) - 2 * BAR + 1, every)
    pieces = steps[starts[:, None] + np.arange(2 * BAR)]
    first = steps[begun[starts]]
    pieces[:, 0] = np.where(first < HOLD, first, pieces[:, 0])
    return pieces
