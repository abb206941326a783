"""The mean is weighted, its error is not."""

import numpy as np
from solution import *

LOSES = ("test_best_guess",)
SAYS = "errors of likely pictures must count more"


def best_guess(pictures, probabilities):
    mean = (np.asarray(probabilities)[:, None, None] * pictures).sum(axis=0)
    return mean, float(((pictures - mean) ** 2).sum() / len(pictures))
