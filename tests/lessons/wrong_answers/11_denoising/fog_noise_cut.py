"""The noise is cut off, then the sum: darker noise is lost."""

import numpy as np
from solution import *

LOSES = ("test_fog",)
SAYS = "the noise was cut off"


def fog(clean, mean, std, seed):
    noise = mean + std * np.random.default_rng(seed).standard_normal(clean.shape)
    return np.clip(clean + np.clip(noise, 0, 1), 0, 1).astype(clean.dtype)
