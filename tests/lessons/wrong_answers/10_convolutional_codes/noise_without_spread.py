"""Noise of the strength alone."""

import numpy as np
from solution import *

LOSES = ("test_change_by_noise",)
SAYS = "not scaled by the spread"


def change_by_noise(codes, decode, strength, seed):
    noise = strength * np.random.default_rng(seed).standard_normal(codes.shape)
    return ((decode(codes + noise) - decode(codes)) ** 2).sum() / len(codes)
