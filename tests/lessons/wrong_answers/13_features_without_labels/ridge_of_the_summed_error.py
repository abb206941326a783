"""The error is summed over rows."""

import numpy as np
from solution import *

LOSES = ("test_ridge",)
SAYS = "it is their mean"


def ridge(x, labels, penalty, classes):
    targets = np.eye(classes)[labels]
    centre, middle = x.mean(axis=0), targets.mean(axis=0)
    x = x - centre
    weight = np.linalg.solve(x.T @ x + penalty * np.eye(x.shape[1]), x.T @ (targets - middle))
    return weight, middle - centre @ weight
