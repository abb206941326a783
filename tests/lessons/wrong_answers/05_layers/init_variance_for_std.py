"""2 / D without the root."""

import numpy as np
from solution import *

LOSES = ("test_init_weight",)
SAYS = "that is the variance"


def init_weight(out_features, in_features, seed, slope=0.0):
    std = 2 / ((1 + slope**2) * in_features)
    return std * np.random.default_rng(seed).standard_normal((out_features, in_features))
