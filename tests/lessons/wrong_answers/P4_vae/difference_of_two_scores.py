"""The errors of two scores are put together, as if their pictures were others."""

import numpy as np
from solution import *

LOSES = ("test_bounds_and_difference",)
SAYS = "Both models saw the same pictures"


def difference(ours, theirs):
    variance = ours.var(ddof=1) / len(ours) + theirs.var(ddof=1) / len(theirs)
    return ours.mean() - theirs.mean(), np.sqrt(variance)
