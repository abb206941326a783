"""Probabilities kept away from 0 and 1."""

import numpy as np
from solution import *

LOSES = ("test_binary_cross_entropy_far_away",)
SAYS = "p was kept away from 0 and 1, by 1e-12"


def binary_cross_entropy_with_logits(logits, targets):
    e, n = np.exp(-np.abs(logits)), len(logits)
    losses = clipped_losses(logits, targets)
    p = np.where(logits > 0, 1, e) / (1 + e)
    return losses.sum() / n, (lambda g: g * (p - targets) / n, lambda g: -g * logits / n)


def clipped_losses(logits, targets):
    p = np.clip(1 / (1 + np.exp(-logits.astype(float))), 1e-12, 1 - 1e-12)
    return -targets * np.log(p) - (1 - targets) * np.log(1 - p)
