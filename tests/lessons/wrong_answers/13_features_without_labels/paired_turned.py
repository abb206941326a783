"""The rival minus ours."""

import numpy as np
from solution import *

LOSES = ("test_paired_difference",)
SAYS = "the sign is turned"


def paired_difference(ours, theirs):
    differences = np.asarray(ours) - np.asarray(theirs)
    return -differences.mean(), differences.std(ddof=1) / np.sqrt(len(differences))
