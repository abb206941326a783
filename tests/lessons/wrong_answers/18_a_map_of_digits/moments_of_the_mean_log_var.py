"""Averages log_var, and then takes its exponential."""

import numpy as np
from solution import *

LOSES = ("test_aggregate_moments",)
SAYS = "average the variances"


def aggregate_moments(mu, log_var):
    return mu.mean(axis=0), np.cov(mu.T, ddof=0).reshape(2 * mu.shape[1:]) + np.diag(np.exp(log_var.mean(axis=0)))
