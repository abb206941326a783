"""Relu, whatever the slope."""

import numpy as np
from solution import *

LOSES = ("test_init_weight",)
SAYS = "the slope is left out"


def init_weight(out_features, in_features, seed, slope=0.0):
    std = np.sqrt(2 / in_features)
    return std * np.random.default_rng(seed).standard_normal((out_features, in_features))
