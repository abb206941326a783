"""From the far end."""

import numpy as np
from solution import *

LOSES = ("test_labels_needed",)
SAYS = "earlier already"


def labels_needed(counts, accuracies, wanted):
    if accuracies[0] >= wanted:
        return float(counts[0])
    for i in range(len(counts) - 1, 0, -1):
        if accuracies[i - 1] < wanted <= accuracies[i]:
            part = (wanted - accuracies[i - 1]) / (accuracies[i] - accuracies[i - 1])
            return float(counts[i - 1] * (counts[i] / counts[i - 1]) ** part)
    return np.inf
