"""Targets 1 and -1."""

import numpy as np
from solution import *

LOSES = ("test_ridge",)
SAYS = "1 and -1"


def ridge(x, labels, penalty, classes):
    targets = 2 * np.eye(classes)[labels] - 1
    centre, middle = x.mean(axis=0), targets.mean(axis=0)
    x = x - centre
    weight = np.linalg.solve(x.T @ x + len(x) * penalty * np.eye(x.shape[1]), x.T @ (targets - middle))
    return weight, middle - centre @ weight
