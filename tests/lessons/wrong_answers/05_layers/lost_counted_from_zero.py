"""The first layer is number 0."""

import numpy as np
from solution import *

LOSES = ("test_layers_until_lost",)
SAYS = "count the layer after which it is lost"


def layers_until_lost(std, width, seed):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((10, width))
    start = np.mean(x * x)
    for layer in range(0, 200):
        x = np.maximum(x @ (std * rng.standard_normal((width, width))).T, 0)
        if not start / 1e6 <= np.mean(x * x) <= 1e6 * start:
            return layer
    return 200
