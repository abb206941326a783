"""The weights are summed, so the bound rises with ln k for nothing."""

import numpy as np
from solution import *

LOSES = ("test_bounds_and_difference",)
SAYS = "so ln k is missing"


def bounds(log_weights):
    return log_weights.mean(axis=0), np.logaddexp.reduce(log_weights, axis=0)
