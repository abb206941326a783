"""Counts, and does not divide."""

import numpy as np
from solution import *

LOSES = ("test_missed_and_empty",)
SAYS = "that is how many"


def missed_and_empty(codes, edges):
    counts = np.histogram2d(codes[:, 0], codes[:, 1], bins=[edges, edges])[0]
    return len(codes) - counts.sum(), (counts == 0).mean()
