"""The mean goes along the pictures."""

import numpy as np
from solution import *

LOSES = ("test_bounds_and_difference",)
SAYS = "average over the k rows alone"


def bounds(log_weights):
    return log_weights.mean(axis=1), np.logaddexp.reduce(log_weights, axis=1) - np.log(log_weights.shape[1])
