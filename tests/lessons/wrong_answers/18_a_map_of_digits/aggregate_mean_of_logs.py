"""Averages logarithms."""

import numpy as np
from solution import *

LOSES = ("test_aggregate",)
SAYS = "a mean of logarithms"


def aggregate(points, mu, log_var):
    std = np.exp(0.5 * log_var)
    bells = np.exp(-0.5 * ((points[:, None] - mu) / std) ** 2) / (std * np.sqrt(2 * np.pi))
    return np.exp(np.log(bells).sum(axis=2).mean(axis=1))
