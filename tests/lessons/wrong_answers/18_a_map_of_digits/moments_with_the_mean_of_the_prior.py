"""Takes the mean of the prior."""

import numpy as np
from solution import *

LOSES = ("test_aggregate_moments",)
SAYS = "the mean is returned as 0"


def aggregate_moments(mu, log_var):
    return np.zeros(mu.shape[1]), np.cov(mu.T, ddof=0).reshape(2 * mu.shape[1:]) + np.diag(np.exp(log_var).mean(axis=0))
