"""One noise for all codes (B5)."""

import numpy as np
from solution import *

LOSES = ("test_change_by_noise",)
SAYS = "all codes got the same noise"


def change_by_noise(codes, decode, strength, seed):
    noise = strength * codes.std(axis=0) * np.random.default_rng(seed).standard_normal(codes.shape)[0]
    return ((decode(codes + noise) - decode(codes)) ** 2).sum() / len(codes)
