"""per_class rows in all."""

import numpy as np
from solution import *

LOSES = ("test_draw_labelled",)
SAYS = "Take as many of each class"


def draw_labelled(labels, per_class, seed):
    return np.random.default_rng(seed).permutation(len(labels))[:per_class]
