"""What dies is not noticed."""

import numpy as np
from solution import *

LOSES = ("test_layers_until_lost",)
SAYS = "a million times too small"


def layers_until_lost(std, width, seed):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((10, width))
    start = np.mean(x * x)
    for layer in range(1, 201):
        x = np.maximum(x @ (std * rng.standard_normal((width, width))).T, 0)
        if np.mean(x * x) > 1e6 * start:
            return layer
    return 200
