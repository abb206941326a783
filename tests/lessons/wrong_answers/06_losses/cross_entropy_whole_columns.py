"""1 taken from whole columns."""

import numpy as np
from solution import *

LOSES = ("test_cross_entropy_vjp",)
SAYS = "takes whole columns"


def cross_entropy(logits, labels):
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    n, rows = len(logits), np.arange(len(logits))

    def vjp(g):
        slopes = np.exp(log_p)
        slopes[:, labels] -= 1
        return g * slopes / n

    return -log_p[rows, labels].sum() / n, (vjp,)
