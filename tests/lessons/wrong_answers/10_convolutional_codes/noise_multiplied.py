"""Times the code."""

import numpy as np
from solution import *

LOSES = ("test_change_by_noise",)
SAYS = "multiplied by the code"


def change_by_noise(codes, decode, strength, seed):
    noise = strength * codes * np.random.default_rng(seed).standard_normal(codes.shape)
    return ((decode(codes + noise) - decode(codes)) ** 2).sum() / len(codes)
