"""One with every bar."""

import numpy as np
from solution import *

LOSES = ("test_cut",)
SAYS = "steps later"


def cut(steps, every):
    begun = np.maximum.accumulate(np.where(steps == HOLD, 0, np.arange(len(steps))))
    starts = np.arange(0, len(steps) - 2 * BAR + 1, BAR)
    pieces = steps[starts[:, None] + np.arange(2 * BAR)]
    pieces[:, 0] = steps[begun[starts]]
    return pieces
