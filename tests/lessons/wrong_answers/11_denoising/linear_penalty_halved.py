"""The 2 of the slope is taken away on one side."""

import numpy as np
from solution import *

LOSES = ("test_best_linear_with_a_penalty",)
SAYS = "the penalty was halved"


def best_linear(noisy, clean, penalty=0.0):
    x, t = noisy - noisy.mean(axis=0), clean - clean.mean(axis=0)
    left = 2 * x.T @ x / len(x) + penalty * np.eye(x.shape[1])
    weight = np.linalg.solve(left, 2 * x.T @ t / len(x))
    return weight, clean.mean(axis=0) - noisy.mean(axis=0) @ weight
