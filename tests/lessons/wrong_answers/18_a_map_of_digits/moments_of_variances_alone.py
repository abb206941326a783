"""A vector of variances."""

import numpy as np
from solution import *

LOSES = ("test_aggregate_moments",)
SAYS = "a matrix (k, k)"


def aggregate_moments(mu, log_var):
    return mu.mean(axis=0), mu.var(axis=0) + np.exp(log_var).mean(axis=0)
