"""np.cov as it comes."""

import numpy as np
from solution import *

LOSES = ("test_aggregate_moments",)
SAYS = "divided by N - 1"


def aggregate_moments(mu, log_var):
    return mu.mean(axis=0), np.cov(mu.T).reshape(mu.shape[1], -1) + np.diag(np.exp(log_var).mean(axis=0))
