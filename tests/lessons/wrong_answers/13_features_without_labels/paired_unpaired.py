"""Two error bars, added."""

import numpy as np
from solution import *

LOSES = ("test_paired_difference",)
SAYS = "Take the difference of each draw first"


def paired_difference(ours, theirs):
    return ours.mean() - theirs.mean(), np.sqrt((ours.var(ddof=1) + theirs.var(ddof=1)) / len(ours))
