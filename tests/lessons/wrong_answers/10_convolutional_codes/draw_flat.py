"""Without channels, rows, columns."""

import numpy as np
from solution import *

LOSES = ("test_draw_codes",)
SAYS = "expected an array of shape"


def draw_codes(codes, count, seed):
    flat = codes.reshape(len(codes), -1)
    return np.random.default_rng(seed).multivariate_normal(flat.mean(axis=0), np.cov(flat.T), count)
