"""The mean row of x is forgotten in the bias."""

import numpy as np
from solution import *

LOSES = ("test_ridge",)
SAYS = "must be taken away again"


def ridge(x, labels, penalty, classes):
    targets = np.eye(classes)[labels]
    centre, middle = x.mean(axis=0), targets.mean(axis=0)
    x = x - centre
    return np.linalg.solve(x.T @ x + len(x) * penalty * np.eye(x.shape[1]), x.T @ (targets - middle)), middle
