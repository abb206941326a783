"""One spread for all numbers."""

import numpy as np
from solution import *

LOSES = ("test_change_by_noise",)
SAYS = "each has its own"


def change_by_noise(codes, decode, strength, seed):
    noise = strength * codes.std() * np.random.default_rng(seed).standard_normal(codes.shape)
    return ((decode(codes + noise) - decode(codes)) ** 2).sum() / len(codes)
