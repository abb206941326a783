"""The sign of the mean row."""

import numpy as np
from solution import *

LOSES = ("test_ridge",)
SAYS = "wrong sign in the bias"


def ridge(x, labels, penalty, classes):
    targets = np.eye(classes)[labels]
    centre, middle = x.mean(axis=0), targets.mean(axis=0)
    x = x - centre
    weight = np.linalg.solve(x.T @ x + len(x) * penalty * np.eye(x.shape[1]), x.T @ (targets - middle))
    return weight, middle + centre @ weight
