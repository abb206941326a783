"""A column of ones, and a penalty on all numbers."""

import numpy as np
from solution import *

LOSES = ("test_best_linear_with_a_penalty",)
SAYS = "the bias paid a penalty"


def best_linear(noisy, clean, penalty=0.0):
    x = np.hstack([noisy, np.ones((len(noisy), 1))])
    solved = np.linalg.solve(x.T @ x / len(x) + penalty * np.eye(x.shape[1]), x.T @ clean / len(x))
    return solved[:-1], solved[-1]
