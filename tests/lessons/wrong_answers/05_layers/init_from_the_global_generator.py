"""Another draw each time."""

import numpy as np
from solution import *

LOSES = ("test_init_weight",)
SAYS = "the same seed gave other weights"


def init_weight(out_features, in_features, seed, slope=0.0):
    std = np.sqrt(2 / ((1 + slope**2) * in_features))
    return std * np.random.default_rng().standard_normal((out_features, in_features))
