"""Forgets that the means differ."""

import numpy as np
from solution import *

LOSES = ("test_aggregate_moments",)
SAYS = "the means differ from picture to picture"


def aggregate_moments(mu, log_var):
    return mu.mean(axis=0), 0 + np.diag(np.exp(log_var).mean(axis=0))
