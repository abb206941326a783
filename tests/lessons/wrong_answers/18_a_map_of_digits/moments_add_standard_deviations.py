"""Adds standard deviations to a covariance."""

import numpy as np
from solution import *

LOSES = ("test_aggregate_moments",)
SAYS = "variances are what adds up"


def aggregate_moments(mu, log_var):
    return mu.mean(axis=0), np.cov(mu.T, ddof=0).reshape(2 * mu.shape[1:]) + np.diag(np.exp(0.5 * log_var).mean(axis=0))
