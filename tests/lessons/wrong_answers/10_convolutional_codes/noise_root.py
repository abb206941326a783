"""The root of it."""

import numpy as np
from solution import *

LOSES = ("test_change_by_noise",)
SAYS = "that is the root"


def change_by_noise(codes, decode, strength, seed):
    noise = strength * codes.std(axis=0) * np.random.default_rng(seed).standard_normal(codes.shape)
    return (((decode(codes + noise) - decode(codes)) ** 2).sum() / len(codes)) ** 0.5
