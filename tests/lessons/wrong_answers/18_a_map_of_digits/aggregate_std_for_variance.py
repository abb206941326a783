"""exp(log_var) as a standard deviation: the width of the most-read lessons."""

import numpy as np
from solution import *

LOSES = ("test_aggregate",)
SAYS = "stands as a standard deviation"


def aggregate(points, mu, log_var):
    std = np.exp(log_var)
    bells = np.exp(-0.5 * ((points[:, None] - mu) / std) ** 2) / (std * np.sqrt(2 * np.pi))
    return bells.prod(axis=2).mean(axis=1)
