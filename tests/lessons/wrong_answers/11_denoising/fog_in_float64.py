"""Twice the memory, and networks in float32 complain."""

import numpy as np
from solution import *

LOSES = ("test_fog",)
SAYS = "as it was given"


def fog(clean, mean, std, seed):
    noise = mean + std * np.random.default_rng(seed).standard_normal(clean.shape)
    return np.clip(clean + noise, 0, 1).astype(np.float64)
