"""Uniform noise with the right variance."""

import numpy as np
from solution import *

LOSES = ("test_draw_codes",)
SAYS = "draw with .standard_normal"


def draw_codes(codes, count, seed):
    flat = codes.reshape(len(codes), -1)
    mean = flat.mean(axis=0)
    variances, directions = np.linalg.eigh(np.cov(flat.T))
    root = directions * np.sqrt(np.maximum(variances, 0))
    noise = np.random.default_rng(seed).uniform(-(3**0.5), 3**0.5, (count, len(mean)))
    return (mean + noise @ root.T).reshape(count, *codes.shape[1:])
