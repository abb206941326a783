"""Takes edges for cells."""

import numpy as np
from solution import *

LOSES = ("test_missed_and_empty",)
SAYS = "between n + 1 edges lie n cells"


def missed_and_empty(codes, edges):
    counts = np.histogram2d(codes[:, 0], codes[:, 1], bins=[edges, edges])[0]
    return 1 - counts.sum() / len(codes), (counts == 0).sum() / len(edges) ** 2
