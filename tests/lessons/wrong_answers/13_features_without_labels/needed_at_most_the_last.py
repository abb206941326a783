"""The largest count, if none is enough."""

from solution import *

LOSES = ("test_labels_needed",)
SAYS = "is not enough"


def labels_needed(counts, accuracies, wanted):
    if accuracies[0] >= wanted:
        return float(counts[0])
    for i in range(1, len(counts)):
        if accuracies[i] >= wanted:
            part = (wanted - accuracies[i - 1]) / (accuracies[i] - accuracies[i - 1])
            return float(counts[i - 1] * (counts[i] / counts[i - 1]) ** part)
    return float(counts[-1])
