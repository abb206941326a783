"""The root of std is taken, as if it were a variance."""

import numpy as np
from solution import *

LOSES = ("test_fog",)
SAYS = "std was taken for a variance"


def fog(clean, mean, std, seed):
    noise = mean + np.sqrt(std) * np.random.default_rng(seed).standard_normal(clean.shape)
    return np.clip(clean + noise, 0, 1).astype(clean.dtype)
