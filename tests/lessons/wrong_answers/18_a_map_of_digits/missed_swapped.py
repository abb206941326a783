"""First the cells, then the codes."""

import numpy as np
from solution import *

LOSES = ("test_missed_and_empty",)
SAYS = "the two are swapped"


def missed_and_empty(codes, edges):
    counts = np.histogram2d(codes[:, 0], codes[:, 1], bins=[edges, edges])[0]
    return (counts == 0).mean(), 1 - counts.sum() / len(codes)
