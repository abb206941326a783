"""As lesson 5 keeps weights."""

import numpy as np
from solution import *

LOSES = ("test_ridge",)
SAYS = "transposed"


def ridge(x, labels, penalty, classes):
    targets = np.eye(classes)[labels]
    centre, middle = x.mean(axis=0), targets.mean(axis=0)
    x = x - centre
    weight = np.linalg.solve(x.T @ x + len(x) * penalty * np.eye(x.shape[1]), x.T @ (targets - middle))
    return weight.T, middle - centre @ weight
