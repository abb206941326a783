"""White where the draw is above the grey."""

import numpy as np
from solution import *

LOSES = ("test_prepare",)
SAYS = "always fall on one side"


def prepare(x, likelihood, seed):
    draw = np.random.default_rng(seed).random(x.shape, np.float32)
    if likelihood == "coins":
        return (draw > x).astype(np.float32)
    return (255 * x + draw) / 256 if likelihood == "bell" else x
