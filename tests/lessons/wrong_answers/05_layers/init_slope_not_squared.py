"""The part of the numbers in place of the part of their squares."""

import numpy as np
from solution import *

LOSES = ("test_init_weight",)
SAYS = "the slope is to be squared"


def init_weight(out_features, in_features, seed, slope=0.0):
    std = np.sqrt(2 / ((1 + slope) * in_features))
    return std * np.random.default_rng(seed).standard_normal((out_features, in_features))
