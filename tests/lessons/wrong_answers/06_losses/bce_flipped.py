"""The logit taken for that of tails."""

import numpy as np
from solution import *

LOSES = ("test_binary_cross_entropy_value", "test_binary_cross_entropy_far_away")
SAYS = "heads and tails are exchanged"


def binary_cross_entropy_with_logits(logits, targets):
    e, n = np.exp(-np.abs(logits)), len(logits)
    losses = np.maximum(logits, 0) - (1 - targets) * logits + np.log1p(e)
    p = np.where(logits > 0, 1, e) / (1 + e)
    return losses.sum() / n, (lambda g: g * (p - targets) / n, lambda g: -g * logits / n)
