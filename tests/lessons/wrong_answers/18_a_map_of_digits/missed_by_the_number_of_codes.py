"""Divides the empty cells by the number of codes."""

import numpy as np
from solution import *

LOSES = ("test_missed_and_empty",)
SAYS = "divided by the number of codes"


def missed_and_empty(codes, edges):
    counts = np.histogram2d(codes[:, 0], codes[:, 1], bins=[edges, edges])[0]
    return 1 - counts.sum() / len(codes), (counts == 0).sum() / len(codes)
