"""Some numbers never change."""

import numpy as np
from solution import *

LOSES = ("test_draw_codes",)
SAYS = "np.linalg.cholesky fails"


def draw_codes(codes, count, seed):
    flat = codes.reshape(len(codes), -1)
    mean = flat.mean(axis=0)
    root = np.linalg.cholesky(np.cov(flat.T))
    noise = np.random.default_rng(seed).standard_normal((count, len(mean)))
    return (mean + noise @ root.T).reshape(count, *codes.shape[1:])
