"""The logarithm of the mean of exp, as it stands."""

import numpy as np
from solution import *

LOSES = ("test_bounds_and_difference",)
SAYS = "take the largest log-weight out first"


def bounds(log_weights):
    with np.errstate(divide="ignore"):
        return log_weights.mean(axis=0), np.log(np.mean(np.exp(log_weights), axis=0))
