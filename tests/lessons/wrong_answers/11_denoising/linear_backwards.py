"""From clean to noisy."""

import numpy as np
from solution import *

LOSES = ("test_best_linear", "test_best_linear_with_a_penalty")
SAYS = "shape"


def best_linear(noisy, clean, penalty=0.0):
    x, t = noisy - noisy.mean(axis=0), clean - clean.mean(axis=0)
    weight = np.linalg.solve(t.T @ t / len(x) + penalty * np.eye(t.shape[1]), t.T @ x / len(x))
    return weight, noisy.mean(axis=0) - clean.mean(axis=0) @ weight
