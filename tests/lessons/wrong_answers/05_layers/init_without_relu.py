"""As if nothing stood between the layers."""

import numpy as np
from solution import *

LOSES = ("test_init_weight",)
SAYS = "the activation is left out"


def init_weight(out_features, in_features, seed, slope=0.0):
    std = 1 / np.sqrt(in_features)
    return std * np.random.default_rng(seed).standard_normal((out_features, in_features))
