"""Squeezed between 0 and 1 by smallest and largest."""

import numpy as np
from solution import *

LOSES = ("test_fog",)
SAYS = "has mean"


def fog(clean, mean, std, seed):
    noisy = clean + mean + std * np.random.default_rng(seed).standard_normal(clean.shape)
    return ((noisy - noisy.min()) / (noisy.max() - noisy.min())).astype(clean.dtype)
