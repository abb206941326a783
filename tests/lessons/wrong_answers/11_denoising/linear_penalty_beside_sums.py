"""Sums over pictures, so the penalty hardly counts."""

import numpy as np
from solution import *

LOSES = ("test_best_linear_with_a_penalty",)
SAYS = "the penalty stands beside sums"


def best_linear(noisy, clean, penalty=0.0):
    x, t = noisy - noisy.mean(axis=0), clean - clean.mean(axis=0)
    weight = np.linalg.solve(x.T @ x + penalty * np.eye(x.shape[1]), x.T @ t)
    return weight, clean.mean(axis=0) - noisy.mean(axis=0) @ weight
