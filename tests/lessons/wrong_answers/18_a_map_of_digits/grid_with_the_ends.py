"""Asks for the quantiles of 0 and 1."""

import numpy as np
from solution import *

LOSES = ("test_prior_grid",)
SAYS = "p must be in the range 0.0 < p < 1.0"


def prior_grid(n):
    line = place_of(np.linspace(0, 1, n))
    return np.array([(a, b) for b in line for a in line])
