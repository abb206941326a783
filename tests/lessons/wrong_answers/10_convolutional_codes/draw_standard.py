"""Codes from N(0, 1), as notebooks draw them."""

import numpy as np
from solution import *

LOSES = ("test_draw_codes",)
SAYS = "it is 0; add the mean"


def draw_codes(codes, count, seed):
    flat = codes.reshape(len(codes), -1)
    mean = flat.mean(axis=0)
    root = np.eye(len(mean))
    noise = np.random.default_rng(seed).standard_normal((count, len(mean)))
    return (noise @ root).reshape(count, *codes.shape[1:])
