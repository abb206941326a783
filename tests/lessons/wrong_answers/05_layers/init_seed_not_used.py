"""The same weights in every layer."""

import numpy as np
from solution import *

LOSES = ("test_init_weight",)
SAYS = "another seed gave the same weights"


def init_weight(out_features, in_features, seed, slope=0.0):
    std = np.sqrt(2 / ((1 + slope**2) * in_features))
    return std * np.random.default_rng(0).standard_normal((out_features, in_features))
