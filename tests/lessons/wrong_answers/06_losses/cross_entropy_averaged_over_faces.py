"""Divided by the number of logits."""

import numpy as np
from solution import *

LOSES = ("test_cross_entropy_vjp",)
SAYS = "it is divided by the number of all elements"


def cross_entropy(logits, labels):
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    n, rows = len(logits), np.arange(len(logits))

    def vjp(g):
        slopes = np.exp(log_p)
        slopes[rows, labels] -= 1
        return g * slopes / logits.size

    return -log_p[rows, labels].sum() / n, (vjp,)
