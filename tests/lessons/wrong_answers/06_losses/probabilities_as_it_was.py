"""Not mended."""

import numpy as np
from solution import *

LOSES = ("test_bce_of_probabilities",)
SAYS = "cut off"


def bce_of_probabilities(p, targets):
    p = np.clip(p, 1e-15, 0.999)
    return -targets * np.log(p) - (1 - targets) * np.log(1 - p)
