"""Relu's half makes weights smaller."""

import numpy as np
from solution import *

LOSES = ("test_init_weight",)
SAYS = "a half in the wrong place"


def init_weight(out_features, in_features, seed, slope=0.0):
    std = np.sqrt((1 + slope**2) / 2 / in_features) / (1 + slope**2)
    return std * np.random.default_rng(seed).standard_normal((out_features, in_features))
