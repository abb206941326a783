"""The best draw of each."""

import numpy as np
from solution import *

LOSES = ("test_paired_difference",)
SAYS = "the best draws were compared"


def paired_difference(ours, theirs):
    differences = np.asarray(ours) - np.asarray(theirs)
    return ours.max() - theirs.max(), differences.std(ddof=1) / np.sqrt(len(differences))
