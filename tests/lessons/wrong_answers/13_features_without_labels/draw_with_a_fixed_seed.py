"""The seed is not used."""

import numpy as np
from solution import *

LOSES = ("test_draw_labelled",)
SAYS = "the seed is not used"


def draw_labelled(labels, per_class, seed):
    rng = np.random.default_rng(0)
    rows = [rng.permutation(np.flatnonzero(labels == one))[:per_class] for one in np.unique(labels)]
    return np.concatenate(rows)
