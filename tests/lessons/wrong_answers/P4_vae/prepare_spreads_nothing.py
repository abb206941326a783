"""The bell gets greys that are one of 256 numbers."""

import numpy as np
from solution import *

LOSES = ("test_prepare",)
SAYS = "prepare for bell: "


def prepare(x, likelihood, seed):
    rng = np.random.default_rng(seed)
    return (rng.random(x.shape) < x).astype(np.float32) if likelihood == "coins" else x
