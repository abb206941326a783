"""Bells without an area."""

import numpy as np
from solution import *

LOSES = ("test_aggregate",)
SAYS = "bells of height 1"


def aggregate(points, mu, log_var):
    squares = (points[:, None] - mu) ** 2 / np.exp(log_var)
    return np.exp(-0.5 * squares.sum(axis=2)).mean(axis=1)
