"""Shares from 0.05 to 0.95, as another famous notebook has them."""

import numpy as np
from solution import *

LOSES = ("test_prior_grid",)
SAYS = "is cut off at each side"


def prior_grid(n):
    line = place_of(np.linspace(0.05, 0.95, n))
    return np.array([(a, b) for b in line for a in line])
