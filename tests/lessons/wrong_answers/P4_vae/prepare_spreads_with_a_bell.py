"""Noise from a bell reaches into the parts of other greys."""

import numpy as np
from solution import *

LOSES = ("test_prepare",)
SAYS = "outside of their own part"


def prepare(x, likelihood, seed):
    rng = np.random.default_rng(seed)
    if likelihood == "coins":
        return (rng.random(x.shape) < x).astype(np.float32)
    return x + rng.standard_normal(x.shape, np.float32) / 256 if likelihood == "bell" else x
