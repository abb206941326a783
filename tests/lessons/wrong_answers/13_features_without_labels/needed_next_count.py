"""Without a line between the counts."""

import numpy as np
from solution import *

LOSES = ("test_labels_needed",)
SAYS = "the next larger count"


def labels_needed(counts, accuracies, wanted):
    if accuracies[0] >= wanted:
        return float(counts[0])
    for i in range(1, len(counts)):
        if accuracies[i] >= wanted:
            return float(counts[i])
    return np.inf
