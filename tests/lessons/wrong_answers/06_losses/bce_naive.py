"""The formula, letter by letter."""

import numpy as np
from solution import *

LOSES = ("test_binary_cross_entropy_far_away",)
SAYS = "Make the loss from the logit"


def binary_cross_entropy_with_logits(logits, targets):
    e, n = np.exp(-np.abs(logits)), len(logits)
    losses = -targets * np.log(1 / (1 + np.exp(-logits))) - (1 - targets) * np.log(1 - 1 / (1 + np.exp(-logits)))
    p = np.where(logits > 0, 1, e) / (1 + e)
    return losses.sum() / n, (lambda g: g * (p - targets) / n, lambda g: -g * logits / n)
