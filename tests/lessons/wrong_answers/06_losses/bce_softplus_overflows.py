"""ln(1 + e^x), with e^1000 in it."""

import numpy as np
from solution import *

LOSES = ("test_binary_cross_entropy_far_away",)
SAYS = "e^1000 overflowed"


def binary_cross_entropy_with_logits(logits, targets):
    e, n = np.exp(-np.abs(logits)), len(logits)
    losses = np.log(1 + np.exp(logits)) - targets * logits
    p = np.where(logits > 0, 1, e) / (1 + e)
    return losses.sum() / n, (lambda g: g * (p - targets) / n, lambda g: -g * logits / n)
