"""The labels of the rows, not their numbers."""

import numpy as np
from solution import *

LOSES = ("test_draw_labelled",)
SAYS = "a row comes twice"


def draw_labelled(labels, per_class, seed):
    rng = np.random.default_rng(seed)
    rows = [rng.permutation(np.flatnonzero(labels == one))[:per_class] for one in np.unique(labels)]
    return labels[np.concatenate(rows)]
