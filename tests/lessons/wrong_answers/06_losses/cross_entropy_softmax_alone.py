"""Softmax, without the label."""

import numpy as np
from solution import *

LOSES = ("test_cross_entropy_vjp",)
SAYS = "the label is missing"


def cross_entropy(logits, labels):
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    n, rows = len(logits), np.arange(len(logits))

    def vjp(g):
        return g * np.exp(log_p) / n

    return -log_p[rows, labels].sum() / n, (vjp,)
