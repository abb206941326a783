"""Without any bias."""

import numpy as np
from solution import *

LOSES = ("test_ridge",)
SAYS = "nothing was centred"


def ridge(x, labels, penalty, classes):
    weight = np.linalg.solve(x.T @ x + len(x) * penalty * np.eye(x.shape[1]), x.T @ np.eye(classes)[labels])
    return weight, np.zeros(classes)
