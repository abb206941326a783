"""Logits minus targets."""

import numpy as np
from solution import *

LOSES = ("test_binary_cross_entropy_vjps",)
SAYS = "the prediction is p, the sigmoid of the logit"


def binary_cross_entropy_with_logits(logits, targets):
    e, n = np.exp(-np.abs(logits)), len(logits)
    losses = np.maximum(logits, 0) - targets * logits + np.log1p(e)
    return losses.sum() / n, (lambda g: g * (logits - targets) / n, lambda g: -g * logits / n)
