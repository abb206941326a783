"""A rest is taken for a hold."""

import numpy as np
from solution import *

LOSES = ("test_self_similarity",)
SAYS = "a rest is taken for a hold"


def self_similarity(steps, bars):
    places = np.where(steps < 128, np.arange(steps.shape[1]), 0)
    last = np.maximum.accumulate(places, axis=1)
    sound = np.take_along_axis(steps, last, axis=1).reshape(len(steps), bars, -1)
    return (sound[:, :, None] == sound[:, None]).mean(axis=3)
