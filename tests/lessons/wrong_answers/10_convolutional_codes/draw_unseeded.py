"""Always seed 0."""

import numpy as np
from solution import *

LOSES = ("test_draw_codes",)
SAYS = "another seed gave the same"


def draw_codes(codes, count, seed):
    flat = codes.reshape(len(codes), -1)
    mean = flat.mean(axis=0)
    variances, directions = np.linalg.eigh(np.cov(flat.T))
    root = directions * np.sqrt(np.maximum(variances, 0))
    noise = np.random.default_rng(0).standard_normal((count, len(mean)))
    return (mean + noise @ root.T).reshape(count, *codes.shape[1:])
