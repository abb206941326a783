"""Averages each number by itself."""

import numpy as np
from solution import *

LOSES = ("test_aggregate",)
SAYS = "first multiply the numbers"


def aggregate(points, mu, log_var):
    std = np.exp(0.5 * log_var)
    bells = np.exp(-0.5 * ((points[:, None] - mu) / std) ** 2) / (std * np.sqrt(2 * np.pi))
    return bells.mean(axis=1).prod(axis=1)
