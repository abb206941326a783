"""Glorot and Bengio's compromise."""

import numpy as np
from solution import *

LOSES = ("test_init_weight",)
SAYS = "the mean of both sizes"


def init_weight(out_features, in_features, seed, slope=0.0):
    std = np.sqrt(4 / ((1 + slope**2) * (in_features + out_features)))
    return std * np.random.default_rng(seed).standard_normal((out_features, in_features))
