"""A sigmoid that divides infinity by infinity."""

import numpy as np
from solution import *

LOSES = ("test_binary_cross_entropy_far_away",)
SAYS = "infinity divided by infinity"


def binary_cross_entropy_with_logits(logits, targets):
    e, n = np.exp(-np.abs(logits)), len(logits)
    losses = np.maximum(logits, 0) - targets * logits + np.log1p(e)
    p = np.exp(logits) / (1 + np.exp(logits))
    return losses.sum() / n, (lambda g: g * (p - targets) / n, lambda g: -g * logits / n)
