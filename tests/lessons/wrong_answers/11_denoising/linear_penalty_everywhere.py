"""The number is added to the whole matrix."""

import numpy as np
from solution import *

LOSES = ("test_best_linear_with_a_penalty",)
SAYS = "it belongs on the diagonal"


def best_linear(noisy, clean, penalty=0.0):
    x, t = noisy - noisy.mean(axis=0), clean - clean.mean(axis=0)
    weight = np.linalg.lstsq(x.T @ x / len(x) + penalty, x.T @ t / len(x), rcond=None)[0]
    return weight, clean.mean(axis=0) - noisy.mean(axis=0) @ weight
