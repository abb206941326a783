"""All pictures get the same noise."""

import numpy as np
from solution import *

LOSES = ("test_fog",)
SAYS = "all pictures got the same noise"


def fog(clean, mean, std, seed):
    noise = mean + std * np.random.default_rng(seed).standard_normal(clean.shape[1])
    return np.clip(clean + noise, 0, 1).astype(clean.dtype)
