"""Uniform noise with the right mean and standard deviation."""

import numpy as np
from solution import *

LOSES = ("test_fog",)
SAYS = "4.6 % would be normal"


def fog(clean, mean, std, seed):
    half = np.sqrt(3) * std
    noise = np.random.default_rng(seed).uniform(mean - half, mean + half, clean.shape)
    return np.clip(clean + noise, 0, 1).astype(clean.dtype)
