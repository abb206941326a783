"""Says how many cells are empty, not which share."""

import numpy as np
from solution import *

LOSES = ("test_missed_and_empty",)
SAYS = "that is how many; a share is asked for"


def missed_and_empty(codes, edges):
    counts, _, _ = np.histogram2d(codes[:, 0], codes[:, 1], bins=[edges, edges])
    return 1 - counts.sum() / len(codes), np.sum(counts == 0)
