"""The lucky one is not counted."""

import numpy as np
from solution import *

LOSES = ("test_guessers_needed",)
SAYS = "count from 1"


def guessers_needed(labels, accuracy, seed):
    rng, tried = np.random.default_rng(seed), 0
    while np.mean(rng.integers(0, 10, len(labels)) == labels) < accuracy:
        tried += 1
    return tried
