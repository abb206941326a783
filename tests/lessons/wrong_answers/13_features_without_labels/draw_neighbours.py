"""A random place, and the rows after it."""

import numpy as np
from solution import *

LOSES = ("test_draw_labelled",)
SAYS = "were never drawn"


def draw_labelled(labels, per_class, seed):
    rng = np.random.default_rng(seed)
    places = [np.flatnonzero(labels == one) for one in np.unique(labels)]
    starts = [rng.integers(0, (len(place) - per_class) // 2 + 1) for place in places]
    return np.concatenate([place[start : start + per_class] for place, start in zip(places, starts)])
