"""The plain formula."""

import numpy as np
from solution import *

LOSES = ("test_cross_entropy_value",)
SAYS = "Take the largest logit of each row out first"


def cross_entropy(logits, labels):
    shifted = logits
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    n, rows = len(logits), np.arange(len(logits))

    def vjp(g):
        slopes = np.exp(log_p)
        slopes[rows, labels] -= 1
        return g * slopes / n

    return -log_p[rows, labels].sum() / n, (vjp,)
