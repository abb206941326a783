"""Does not take the mean away."""

import numpy as np
from solution import *

LOSES = ("test_aggregate_moments",)
SAYS = "the mean was not taken away"


def aggregate_moments(mu, log_var):
    return mu.mean(axis=0), mu.T @ mu / len(mu) + np.diag(np.exp(log_var).mean(axis=0))
