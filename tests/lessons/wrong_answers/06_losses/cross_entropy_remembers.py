"""The array outside of the vjp is changed, so the second call takes 1 once more."""

import numpy as np
from solution import *

LOSES = ("test_cross_entropy_vjp",)
SAYS = "another result than the first time"


def cross_entropy(logits, labels):
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    n, rows = len(logits), np.arange(len(logits))
    p = np.exp(log_p)

    def vjp(g):
        p[rows, labels] -= 1
        return g * p / n

    return -log_p[rows, labels].sum() / n, (vjp,)
