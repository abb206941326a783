"""Asks for the quantiles of 0 and 1."""

import numpy as np
from solution import *

LOSES = ("test_prior_grid",)
SAYS = "have no quantile"


def prior_grid(n):
    line = place_of(np.linspace(0, 1, n))
    return np.array([(a, b) for b in line for a in line])
