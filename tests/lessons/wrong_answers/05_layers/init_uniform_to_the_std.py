"""Uniform numbers as far as the standard deviation."""

import numpy as np
from solution import *

LOSES = ("test_init_weight",)
SAYS = "the standard deviation a / √3"


def init_weight(out_features, in_features, seed, slope=0.0):
    bound = np.sqrt(2 / ((1 + slope**2) * in_features))
    return np.random.default_rng(seed).uniform(-bound, bound, (out_features, in_features))
