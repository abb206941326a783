"""np.interp where numbers do not grow."""

import numpy as np
from solution import *

LOSES = ("test_labels_needed",)
SAYS = "np.interp wants numbers that grow"


def labels_needed(counts, accuracies, wanted):
    if wanted > max(accuracies):
        return np.inf
    return float(np.exp(np.interp(wanted, accuracies, np.log(counts))))
