"""1 / (2 pi), however many numbers there are."""

import numpy as np
from solution import *

LOSES = ("test_aggregate",)
SAYS = "right for two numbers only"


def aggregate(points, mu, log_var):
    squares = (points[:, None] - mu) ** 2 / np.exp(log_var)
    logs = -0.5 * (squares + log_var).sum(axis=2)
    return np.exp(logs).mean(axis=1) / (2 * np.pi)
