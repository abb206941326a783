"""The map goes through zero."""

import numpy as np
from solution import *

LOSES = ("test_best_linear", "test_best_linear_with_a_penalty")
SAYS = "so the map goes through 0"


def best_linear(noisy, clean, penalty=0.0):
    left = noisy.T @ noisy / len(noisy) + penalty * np.eye(noisy.shape[1])
    return np.linalg.solve(left, noisy.T @ clean / len(noisy)), np.zeros(clean.shape[1])
