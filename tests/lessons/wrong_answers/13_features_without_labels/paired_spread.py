"""The spread of the draws is no error of the mean."""

import numpy as np
from solution import *

LOSES = ("test_paired_difference",)
SAYS = "spread of one draw"


def paired_difference(ours, theirs):
    differences = np.asarray(ours) - np.asarray(theirs)
    return differences.mean(), differences.std(ddof=1)
