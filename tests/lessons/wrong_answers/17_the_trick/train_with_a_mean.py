"""Reconstruction averaged over pixels, KL summed over the code."""

from types import SimpleNamespace

import solution
from solution import *

LOSES = (
    "test_train_vae_on_switches",
    "test_train_vae_on_digits",
)
SAYS = ("a mean over pixels", "a mean over pixels")


def per_pixel(logits, targets, reduction):
    return F.binary_cross_entropy_with_logits(logits, targets, "mean") * len(targets)


def train_vae(*arguments):
    solution.F = SimpleNamespace(binary_cross_entropy_with_logits=per_pixel, sigmoid=F.sigmoid)
    return solution.train_vae(*arguments)
