"""Counts numbers, not codes."""

import numpy as np
from solution import *

LOSES = ("test_missed_and_empty",)
SAYS = "counted one by one"


def missed_and_empty(codes, edges):
    counts = np.histogram2d(codes[:, 0], codes[:, 1], bins=[edges, edges])[0]
    return np.mean((codes < edges[0]) | (codes > edges[-1])), (counts == 0).mean()
