"""The weight is found without a bias, which is then added."""

import numpy as np
from solution import *

LOSES = ("test_best_linear", "test_best_linear_with_a_penalty")
SAYS = "take the means away first"


def best_linear(noisy, clean, penalty=0.0):
    left = noisy.T @ noisy / len(noisy) + penalty * np.eye(noisy.shape[1])
    weight = np.linalg.solve(left, noisy.T @ clean / len(noisy))
    return weight, clean.mean(axis=0) - noisy.mean(axis=0) @ weight
