"""The mean is forgotten."""

import numpy as np
from solution import *

LOSES = ("test_fog",)
SAYS = "the mean was not added"


def fog(clean, mean, std, seed):
    noise = std * np.random.default_rng(seed).standard_normal(clean.shape)
    return np.clip(clean + noise, 0, 1).astype(clean.dtype)
