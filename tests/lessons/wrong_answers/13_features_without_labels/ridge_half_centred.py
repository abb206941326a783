"""x is centred in one of two places."""

import numpy as np
from solution import *

LOSES = ("test_ridge",)
SAYS = "centred in one place"


def ridge(x, labels, penalty, classes):
    targets = np.eye(classes)[labels]
    centre, middle = x.mean(axis=0), targets.mean(axis=0)
    weight = np.linalg.solve(x.T @ x + len(x) * penalty * np.eye(x.shape[1]), (x - centre).T @ targets)
    return weight, middle - centre @ weight
