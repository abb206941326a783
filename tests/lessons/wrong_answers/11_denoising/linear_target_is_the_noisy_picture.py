"""It learns to return its input."""

import numpy as np
from solution import *

LOSES = ("test_best_linear", "test_best_linear_with_a_penalty")
SAYS = "expected"


def best_linear(noisy, clean, penalty=0.0):
    x = noisy - noisy.mean(axis=0)
    weight = np.linalg.solve(x.T @ x / len(x) + penalty * np.eye(x.shape[1]), x.T @ x / len(x))
    return weight, noisy.mean(axis=0) - noisy.mean(axis=0) @ weight
