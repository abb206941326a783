"""Fresh entropy in each call: nobody can repeat it."""

import numpy as np
from solution import *

LOSES = ("test_fog",)
SAYS = "the same seed gave another noise"


def fog(clean, mean, std, seed):
    noise = mean + std * np.random.default_rng().standard_normal(clean.shape)
    return np.clip(clean + noise, 0, 1).astype(clean.dtype)
