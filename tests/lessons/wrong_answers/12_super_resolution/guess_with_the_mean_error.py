"""The error is averaged over pixels."""

import numpy as np
from solution import *

LOSES = ("test_best_guess",)
SAYS = "summed over pixels, not averaged"


def best_guess(pictures, probabilities):
    weights = np.asarray(probabilities)[:, None, None]
    mean = (weights * pictures).sum(axis=0)
    return mean, float((weights * (pictures - mean) ** 2).sum() / mean.size)
