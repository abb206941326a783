"""Adds the variances to every row."""

import numpy as np
from solution import *

LOSES = ("test_aggregate_moments",)
SAYS = "the diagonal alone"


def aggregate_moments(mu, log_var):
    return mu.mean(axis=0), np.cov(mu.T, ddof=0).reshape(2 * mu.shape[1:]) + np.exp(log_var).mean(axis=0)
