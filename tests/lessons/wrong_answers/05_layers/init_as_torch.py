"""What torch.nn.Linear draws."""

import numpy as np
from solution import *

LOSES = ("test_init_weight",)
SAYS = "what torch.nn.Linear draws"


def init_weight(out_features, in_features, seed, slope=0.0):
    bound = 1 / np.sqrt(in_features)
    return np.random.default_rng(seed).uniform(-bound, bound, (out_features, in_features))
