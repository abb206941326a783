"""The larger exponent is taken out and not put back."""

import numpy as np
from solution import *

LOSES = ("test_binary_cross_entropy_value", "test_binary_cross_entropy_far_away")
SAYS = "the larger of x and 0 was taken out and not put back"


def binary_cross_entropy_with_logits(logits, targets):
    e, n = np.exp(-np.abs(logits)), len(logits)
    losses = np.log1p(e) - targets * logits
    p = np.where(logits > 0, 1, e) / (1 + e)
    return losses.sum() / n, (lambda g: g * (p - targets) / n, lambda g: -g * logits / n)
