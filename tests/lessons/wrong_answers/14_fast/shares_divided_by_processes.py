"""Idle processes count, too."""

import numpy as np
from solution import *

LOSES = ("test_gradient_of_shares",)
SAYS = "a share counts by its part of the rows"


def gradient_of_shares(gradient, x, y, count):
    parts = np.array_split(np.arange(len(x)), count)
    found = [gradient(x[rows], y[rows]) for rows in parts if len(rows)]
    return [sum(part) / count for part in zip(*found, strict=True)]
