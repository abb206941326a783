"""One line of places alone."""

import numpy as np
from solution import *

LOSES = ("test_prior_grid",)
SAYS = "all n * n pairs"


def prior_grid(n):
    return place_of((np.arange(n) + 0.5) / n)
