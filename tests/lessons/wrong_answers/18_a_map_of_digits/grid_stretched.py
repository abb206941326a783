"""Even lines between the right first and the right last one."""

import numpy as np
from solution import *

LOSES = ("test_prior_grid",)
SAYS = "the lines are even"


def prior_grid(n):
    line = np.linspace(place_of(0.5 / n), place_of(1 - 0.5 / n), n)
    return np.array([(a, b) for b in line for a in line])
