"""Infinite at the ends."""

import numpy as np
from solution import *

LOSES = ("test_bce_of_probabilities",)
SAYS = "ln 0 is to count as -100"


def bce_of_probabilities(p, targets):
    return -targets * np.log(p) - (1 - targets) * np.log(1 - p)
