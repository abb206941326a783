"""Around 0."""

import numpy as np
from solution import *

LOSES = ("test_draw_codes",)
SAYS = "it is 0; add the mean"


def draw_codes(codes, count, seed):
    flat = codes.reshape(len(codes), -1)
    mean = flat.mean(axis=0)
    variances, directions = np.linalg.eigh(np.cov(flat.T))
    root = directions * np.sqrt(np.maximum(variances, 0))
    noise = np.random.default_rng(seed).standard_normal((count, len(mean)))
    return (noise @ root.T).reshape(count, *codes.shape[1:])
