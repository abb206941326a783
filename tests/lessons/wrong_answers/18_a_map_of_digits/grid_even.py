"""The grid of a famous notebook: it spans 47 % of the prior."""

import numpy as np
from solution import *

LOSES = ("test_prior_grid",)
SAYS = "take quantiles"


def prior_grid(n):
    line = np.linspace(-1, 1, n)
    return np.array([(a, b) for b in line for a in line])
