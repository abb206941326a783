"""Some pictures are labelled twice."""

import numpy as np
from solution import *

LOSES = ("test_draw_labelled",)
SAYS = "drawn with repeats"


def draw_labelled(labels, per_class, seed):
    rng = np.random.default_rng(seed)
    return np.concatenate([rng.choice(np.flatnonzero(labels == one), per_class) for one in np.unique(labels)])
