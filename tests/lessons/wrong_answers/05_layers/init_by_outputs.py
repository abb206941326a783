"""Fan-out, which the way back would ask for."""

import numpy as np
from solution import *

LOSES = ("test_init_weight",)
SAYS = "in_features terms; how many sums there are"


def init_weight(out_features, in_features, seed, slope=0.0):
    std = np.sqrt(2 / ((1 + slope**2) * out_features))
    return std * np.random.default_rng(seed).standard_normal((out_features, in_features))
