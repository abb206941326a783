"""Squares the sum of the pixels."""

import numpy as np
from solution import *

LOSES = ("test_posterior_width",)
SAYS = "before the pixels are added up"


def posterior_width(slopes, p):
    return 1 / np.sqrt(1 + (slopes @ np.sqrt(p * (1 - p))) ** 2)
