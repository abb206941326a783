"""The best of the given pictures."""

import numpy as np
from solution import *

LOSES = ("test_best_guess",)
SAYS = "the best of the given pictures"


def best_guess(pictures, probabilities):
    squares = [((pictures - one) ** 2).sum(axis=(1, 2)) @ probabilities for one in pictures]
    return pictures[np.argmin(squares)], float(min(squares))
