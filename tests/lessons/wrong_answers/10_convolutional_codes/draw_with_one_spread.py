"""One spread for all."""

import numpy as np
from solution import *

LOSES = ("test_draw_codes",)
SAYS = "the same spread"


def draw_codes(codes, count, seed):
    flat = codes.reshape(len(codes), -1)
    mean = flat.mean(axis=0)
    root = np.eye(len(mean)) * np.sqrt(flat.var(axis=0).mean())
    noise = np.random.default_rng(seed).standard_normal((count, len(mean)))
    return (mean + noise @ root.T).reshape(count, *codes.shape[1:])
