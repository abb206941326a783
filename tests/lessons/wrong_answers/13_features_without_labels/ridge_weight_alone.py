"""The bias is not returned."""

import numpy as np
from solution import *

LOSES = ("test_ridge",)
SAYS = "expected a pair"


def ridge(x, labels, penalty, classes):
    targets = np.eye(classes)[labels]
    x = x - x.mean(axis=0)
    return np.linalg.solve(x.T @ x + len(x) * penalty * np.eye(x.shape[1]), x.T @ (targets - targets.mean(axis=0)))
