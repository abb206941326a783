"""Forgets to go back to codes."""

import numpy as np
from solution import *

LOSES = ("test_prior_grid",)
SAYS = "these are shares"


def prior_grid(n):
    line = (np.arange(n) + 0.5) / n
    return np.array([(a, b) for b in line for a in line])
