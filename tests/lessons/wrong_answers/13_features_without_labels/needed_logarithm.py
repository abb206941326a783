"""The power is forgotten."""

import numpy as np
from solution import *

LOSES = ("test_labels_needed",)
SAYS = "that is the logarithm"


def labels_needed(counts, accuracies, wanted):
    if accuracies[0] >= wanted:
        return float(counts[0])
    for i in range(1, len(counts)):
        if accuracies[i] >= wanted:
            part = (wanted - accuracies[i - 1]) / (accuracies[i] - accuracies[i - 1])
            return float(np.log(counts[i - 1]) + part * np.log(counts[i] / counts[i - 1]))
    return np.inf
