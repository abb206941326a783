"""The logarithm of the variance."""

import numpy as np
from solution import *

LOSES = ("test_posterior_width",)
SAYS = "that is log_var"


def posterior_width(slopes, p):
    return -np.log(1 + slopes**2 @ (p * (1 - p)))
