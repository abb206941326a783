"""1e-8 inside of the logarithm, a famous bug."""

import numpy as np
from solution import *

LOSES = ("test_bce_of_probabilities",)
SAYS = "1e-08 is added inside of the logarithm"


def bce_of_probabilities(p, targets):
    return -targets * np.log(p + 1e-8) - (1 - targets) * np.log(1 - p + 1e-8)
