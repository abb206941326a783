"""A stack of products."""

import numpy as np
from solution import *

LOSES = ("test_layers_until_lost",)
SAYS = "relu is left out"


def layers_until_lost(std, width, seed):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((10, width))
    start = np.mean(x * x)
    for layer in range(1, 201):
        x = x @ (std * rng.standard_normal((width, width))).T
        if not start / 1e6 <= np.mean(x * x) <= 1e6 * start:
            return layer
    return 200
