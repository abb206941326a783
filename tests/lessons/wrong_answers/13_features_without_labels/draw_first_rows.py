"""The first rows of each class: every draw is the same."""

import numpy as np
from solution import *

LOSES = ("test_draw_labelled",)
SAYS = "those are the first rows"


def draw_labelled(labels, per_class, seed):
    return np.concatenate([np.flatnonzero(labels == one)[:per_class] for one in np.unique(labels)])
