"""The mean, and N(0, 1) around it."""

import numpy as np
from solution import *

LOSES = ("test_draw_codes",)
SAYS = "all numbers have the variance 1"


def draw_codes(codes, count, seed):
    flat = codes.reshape(len(codes), -1)
    mean = flat.mean(axis=0)
    root = np.eye(len(mean))
    noise = np.random.default_rng(seed).standard_normal((count, len(mean)))
    return (mean + noise @ root.T).reshape(count, *codes.shape[1:])
