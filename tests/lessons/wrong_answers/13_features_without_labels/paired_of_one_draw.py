"""One draw of labels, and no error bar."""

import numpy as np
from solution import *

LOSES = ("test_paired_difference",)
SAYS = "One draw may be lucky"


def paired_difference(ours, theirs):
    differences = np.asarray(ours) - np.asarray(theirs)
    return differences[0], 0.0
