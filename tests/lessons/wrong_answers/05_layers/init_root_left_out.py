"""A sum of D terms taken to be D times as large."""

import numpy as np
from solution import *

LOSES = ("test_init_weight",)
SAYS = "so √in_features times its standard deviation"


def init_weight(out_features, in_features, seed, slope=0.0):
    std = np.sqrt(2 / (1 + slope**2)) / in_features
    return std * np.random.default_rng(seed).standard_normal((out_features, in_features))
