"""Each picture becomes lighter or darker as a whole."""

import numpy as np
from solution import *

LOSES = ("test_fog",)
SAYS = "one number for a whole picture"


def fog(clean, mean, std, seed):
    noise = mean + std * np.random.default_rng(seed).standard_normal((len(clean), 1))
    return np.clip(clean + noise, 0, 1).astype(clean.dtype)
