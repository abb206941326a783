"""One softmax for the whole array."""

import numpy as np
from solution import *

LOSES = ("test_cross_entropy_value", "test_cross_entropy_vjp")
SAYS = "each row is a die of its own"


def cross_entropy(logits, labels):
    shifted = logits - logits.max()
    log_p = shifted - np.log(np.exp(shifted).sum())
    n, rows = len(logits), np.arange(len(logits))

    def vjp(g):
        slopes = np.exp(log_p)
        slopes[rows, labels] -= 1
        return g * slopes / n

    return -log_p[rows, labels].sum() / n, (vjp,)
