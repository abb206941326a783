"""np.cov of the means: no noise, and divided by N - 1."""

import numpy as np
from solution import *

LOSES = ("test_aggregate_moments",)
SAYS = "the noise of the posteriors is missing; and np.cov"


def aggregate_moments(mu, log_var):
    return mu.mean(axis=0), np.cov(mu.T).reshape(mu.shape[1], mu.shape[1])
