"""Forgets p (1 - p)."""

import numpy as np
from solution import *

LOSES = ("test_posterior_width",)
SAYS = "p (1 - p) is missing"


def posterior_width(slopes, p):
    return 1 / np.sqrt(1 + (slopes**2).sum(axis=1))
