"""Pixels leave the range."""

import numpy as np
from solution import *

LOSES = ("test_fog",)
SAYS = "cut them off"


def fog(clean, mean, std, seed):
    noise = mean + std * np.random.default_rng(seed).standard_normal(clean.shape)
    return (clean + noise).astype(clean.dtype)
