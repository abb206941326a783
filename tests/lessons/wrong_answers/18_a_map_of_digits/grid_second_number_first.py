"""The second number grows along each row."""

import numpy as np
from solution import *

LOSES = ("test_prior_grid",)
SAYS = "it is the first one that does"


def prior_grid(n):
    line = place_of((np.arange(n) + 0.5) / n)
    return np.array([(a, b) for a in line for b in line])
