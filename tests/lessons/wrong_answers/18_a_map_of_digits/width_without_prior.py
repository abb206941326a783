"""The likelihood alone."""

import numpy as np
from solution import *

LOSES = ("test_posterior_width",)
SAYS = "the prior is missing"


def posterior_width(slopes, p):
    return 1 / np.sqrt(slopes**2 @ (p * (1 - p)))
