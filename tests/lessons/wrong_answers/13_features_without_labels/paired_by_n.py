"""NumPy divides by n unless told."""

import numpy as np
from solution import *

LOSES = ("test_paired_difference",)
SAYS = "ddof=1"


def paired_difference(ours, theirs):
    differences = np.asarray(ours) - np.asarray(theirs)
    return differences.mean(), differences.std() / np.sqrt(len(differences))
