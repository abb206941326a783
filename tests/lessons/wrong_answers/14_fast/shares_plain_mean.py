"""Unequal halves averaged with equal weights."""

import numpy as np
from solution import *

LOSES = ("test_gradient_of_shares",)
SAYS = "shares of unequal size count alike"


def gradient_of_shares(gradient, x, y, count):
    parts = np.array_split(np.arange(len(x)), count)
    found = [gradient(x[rows], y[rows]) for rows in parts if len(rows)]
    return [sum(part) / len(found) for part in zip(*found, strict=True)]
