"""Adds the pictures up."""

import numpy as np
from solution import *

LOSES = ("test_aggregate",)
SAYS = "summed over the pictures"


def aggregate(points, mu, log_var):
    std = np.exp(0.5 * log_var)
    bells = np.exp(-0.5 * ((points[:, None] - mu) / std) ** 2) / (std * np.sqrt(2 * np.pi))
    return bells.prod(axis=2).sum(axis=1)
