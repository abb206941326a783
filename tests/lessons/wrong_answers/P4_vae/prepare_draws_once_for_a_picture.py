"""One draw for all numbers of a picture."""

import numpy as np
from solution import *

LOSES = ("test_prepare",)
SAYS = "share their draw"


def prepare(x, likelihood, seed):
    draw = np.random.default_rng(seed).random((len(x), 1), np.float32)
    if likelihood == "coins":
        return (draw < x).astype(np.float32)
    return (255 * x + draw) / 256 if likelihood == "bell" else x
