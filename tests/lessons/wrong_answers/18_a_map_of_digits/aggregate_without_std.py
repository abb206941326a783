"""Divides by the root of 2 pi, and not by the standard deviation."""

import numpy as np
from solution import *

LOSES = ("test_aggregate",)
SAYS = "1 / std is missing"


def aggregate(points, mu, log_var):
    std = np.exp(0.5 * log_var)
    bells = np.exp(-0.5 * ((points[:, None] - mu) / std) ** 2) / (std * np.sqrt(2 * np.pi))
    return (bells * std).prod(axis=2).mean(axis=1)
