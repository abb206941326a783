"""As many as are wanted, but not of each class."""

import numpy as np
from solution import *

LOSES = ("test_draw_labelled",)
SAYS = "draw from each class"


def draw_labelled(labels, per_class, seed):
    return np.random.default_rng(seed).permutation(len(labels))[: per_class * len(np.unique(labels))]
