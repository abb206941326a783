"""A line over the number itself."""

import numpy as np
from solution import *

LOSES = ("test_labels_needed",)
SAYS = "over its logarithm"


def labels_needed(counts, accuracies, wanted):
    if accuracies[0] >= wanted:
        return float(counts[0])
    for i in range(1, len(counts)):
        if accuracies[i] >= wanted:
            part = (wanted - accuracies[i - 1]) / (accuracies[i] - accuracies[i - 1])
            return float(counts[i - 1] + part * (counts[i] - counts[i - 1]))
    return np.inf
