"""PyTorch's mean over everything, in value and slopes."""

import numpy as np
from solution import *

LOSES = ("test_binary_cross_entropy_value", "test_binary_cross_entropy_far_away", "test_binary_cross_entropy_vjps")
SAYS = "that is the mean over everything"


def binary_cross_entropy_with_logits(logits, targets):
    e = np.exp(-np.abs(logits))
    losses = np.maximum(logits, 0) - targets * logits + np.log1p(e)
    p = np.where(logits > 0, 1, e) / (1 + e)
    return losses.mean(), (lambda g: g * (p - targets) / logits.size, lambda g: -g * logits / logits.size)
