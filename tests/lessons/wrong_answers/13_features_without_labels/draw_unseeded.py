"""Fresh randomness at each call."""

import numpy as np
from solution import *

LOSES = ("test_draw_labelled",)
SAYS = "the same seed gave other rows"


def draw_labelled(labels, per_class, seed):
    rng = np.random.default_rng()
    rows = [rng.permutation(np.flatnonzero(labels == one))[:per_class] for one in np.unique(labels)]
    return np.concatenate(rows)
