"""Divided by n."""

import numpy as np
from solution import *

LOSES = ("test_paired_difference",)
SAYS = "divide by the root of n"


def paired_difference(ours, theirs):
    differences = np.asarray(ours) - np.asarray(theirs)
    return differences.mean(), differences.std(ddof=1) / len(differences)
