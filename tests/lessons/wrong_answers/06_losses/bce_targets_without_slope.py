"""As if targets had no derivative."""

import numpy as np
from solution import *

LOSES = ("test_binary_cross_entropy_vjps",)
SAYS = "the loss does depend on the target"


def binary_cross_entropy_with_logits(logits, targets):
    e, n = np.exp(-np.abs(logits)), len(logits)
    losses = np.maximum(logits, 0) - targets * logits + np.log1p(e)
    p = np.where(logits > 0, 1, e) / (1 + e)
    return losses.sum() / n, (lambda g: g * (p - targets) / n, lambda g: 0 * logits)
