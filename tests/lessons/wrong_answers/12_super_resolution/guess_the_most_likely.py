"""The most likely picture."""

import numpy as np
from solution import *

LOSES = ("test_best_guess",)
SAYS = "that is the most likely picture"


def best_guess(pictures, probabilities):
    answer = pictures[np.argmax(probabilities)]
    squares = ((pictures - answer) ** 2).sum(axis=(1, 2))
    return answer, float((probabilities * squares).sum())
