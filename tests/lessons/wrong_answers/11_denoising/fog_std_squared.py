"""The variance stands where the standard deviation belongs (a famous bug is std = 0.01 from 0.1)."""

import numpy as np
from solution import *

LOSES = ("test_fog",)
SAYS = "std was squared"


def fog(clean, mean, std, seed):
    noise = mean + std**2 * np.random.default_rng(seed).standard_normal(clean.shape)
    return np.clip(clean + noise, 0, 1).astype(clean.dtype)
