"""More than asked."""

import numpy as np
from solution import *

LOSES = ("test_guessers_needed",)
SAYS = "exactly that part is enough"


def guessers_needed(labels, accuracy, seed):
    rng, tried = np.random.default_rng(seed), 1
    while np.mean(rng.integers(0, 10, len(labels)) == labels) <= accuracy:
        tried += 1
    return tried
