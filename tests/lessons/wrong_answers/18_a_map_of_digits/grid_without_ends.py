"""Leaves the two ends out, but takes no middles."""

import numpy as np
from solution import *

LOSES = ("test_prior_grid",)
SAYS = "the middles are 1 / (2 n)"


def prior_grid(n):
    line = place_of(np.arange(1, n + 1) / (n + 1))
    return np.array([(a, b) for b in line for a in line])
