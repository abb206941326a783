"""The share inside."""

import numpy as np
from solution import *

LOSES = ("test_missed_and_empty",)
SAYS = "the share inside"


def missed_and_empty(codes, edges):
    counts = np.histogram2d(codes[:, 0], codes[:, 1], bins=[edges, edges])[0]
    return counts.sum() / len(codes), (counts == 0).mean()
