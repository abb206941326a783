"""The bias is the mean of the targets."""

import numpy as np
from solution import *

LOSES = ("test_best_linear", "test_best_linear_with_a_penalty")
SAYS = "subtract what the weight makes"


def best_linear(noisy, clean, penalty=0.0):
    x, t = noisy - noisy.mean(axis=0), clean - clean.mean(axis=0)
    left = x.T @ x / len(x) + penalty * np.eye(x.shape[1])
    return np.linalg.solve(left, x.T @ t / len(x)), clean.mean(axis=0)
