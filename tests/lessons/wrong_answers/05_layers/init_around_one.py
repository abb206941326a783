"""The mean is the std, too."""

import numpy as np
from solution import *

LOSES = ("test_init_weight",)
SAYS = "expected the mean 0"


def init_weight(out_features, in_features, seed, slope=0.0):
    std = np.sqrt(2 / ((1 + slope**2) * in_features))
    return std * (1 + np.random.default_rng(seed).standard_normal((out_features, in_features)))
