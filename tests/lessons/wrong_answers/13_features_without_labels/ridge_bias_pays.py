"""A column of ones, with the penalty on all columns."""

import numpy as np
from solution import *

LOSES = ("test_ridge",)
SAYS = "the bias pays"


def ridge(x, labels, penalty, classes):
    targets, wide = np.eye(classes)[labels], np.column_stack([x, np.ones(len(x))])
    both = np.linalg.solve(wide.T @ wide + len(x) * penalty * np.eye(wide.shape[1]), wide.T @ targets)
    return both[:-1], both[-1]
