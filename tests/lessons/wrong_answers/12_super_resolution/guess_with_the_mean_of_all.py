"""The error is averaged over pictures and pixels."""

import numpy as np
from solution import *

LOSES = ("test_best_guess",)
SAYS = "mean over all pictures and pixels"


def best_guess(pictures, probabilities):
    weights = np.asarray(probabilities)[:, None, None]
    mean = (weights * pictures).sum(axis=0)
    return mean, float((weights * (pictures - mean) ** 2).mean())
