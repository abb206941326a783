"""The root the wrong way round."""

import numpy as np
from solution import *

LOSES = ("test_draw_codes",)
SAYS = "the root was turned"


def draw_codes(codes, count, seed):
    flat = codes.reshape(len(codes), -1)
    mean = flat.mean(axis=0)
    variances, directions = np.linalg.eigh(np.cov(flat.T))
    root = directions * np.sqrt(np.maximum(variances, 0))
    noise = np.random.default_rng(seed).standard_normal((count, len(mean)))
    return (mean + noise @ root).reshape(count, *codes.shape[1:])
