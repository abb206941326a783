"""The famous stored noise, by a seed that is written down."""

import numpy as np
from solution import *

LOSES = ("test_fog",)
SAYS = "the seed is not used"


def fog(clean, mean, std, seed):
    noise = mean + std * np.random.default_rng(0).standard_normal(clean.shape)
    return np.clip(clean + noise, 0, 1).astype(clean.dtype)
