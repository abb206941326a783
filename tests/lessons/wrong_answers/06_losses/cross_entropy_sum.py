"""Summed over the examples."""

import numpy as np
from solution import *

LOSES = ("test_cross_entropy_value", "test_cross_entropy_vjp")
SAYS = ("they are averaged", "so each slope is divided by their number")


def cross_entropy(logits, labels):
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    rows = np.arange(len(logits))

    def vjp(g):
        slopes = np.exp(log_p)
        slopes[rows, labels] -= 1
        return g * slopes

    return -log_p[rows, labels].sum(), (vjp,)
