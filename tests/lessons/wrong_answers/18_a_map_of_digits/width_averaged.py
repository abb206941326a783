"""A mean over the pixels."""

import numpy as np
from solution import *

LOSES = ("test_posterior_width",)
SAYS = "add up all pixels"


def posterior_width(slopes, p):
    return 1 / np.sqrt(1 + (slopes**2 * p * (1 - p)).mean(axis=1))
