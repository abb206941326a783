"""The 2 of one square is forgotten."""

import numpy as np
from solution import *

LOSES = ("test_ridge",)
SAYS = "the penalty is halved"


def ridge(x, labels, penalty, classes):
    targets = np.eye(classes)[labels]
    centre, middle = x.mean(axis=0), targets.mean(axis=0)
    x = x - centre
    weight = np.linalg.solve(2 * x.T @ x + len(x) * penalty * np.eye(x.shape[1]), 2 * x.T @ (targets - middle))
    return weight, middle - centre @ weight
