"""Black and white by a threshold."""

import numpy as np
from solution import *

LOSES = ("test_prepare",)
SAYS = "Usual cause: a threshold"


def prepare(x, likelihood, seed):
    if likelihood == "coins":
        return (x > 0.5).astype(np.float32)
    rng = np.random.default_rng(seed)
    return (255 * x + rng.random(x.shape, np.float32)) / 256 if likelihood == "bell" else x
