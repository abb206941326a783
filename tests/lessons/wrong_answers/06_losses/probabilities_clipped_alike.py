"""Both ends alike, and still cut off."""

import numpy as np
from solution import *

LOSES = ("test_bce_of_probabilities",)
SAYS = "limit what goes into each logarithm"


def bce_of_probabilities(p, targets):
    p = np.clip(p, 1e-15, 1 - 1e-15)
    return -targets * np.log(p) - (1 - targets) * np.log(1 - p)
