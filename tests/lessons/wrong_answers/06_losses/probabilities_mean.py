"""A mean at the end."""

import numpy as np
from solution import *

LOSES = ("test_bce_of_probabilities",)
SAYS = "element by element"


def bce_of_probabilities(p, targets):
    least = np.exp(-100)
    losses = -targets * np.log(np.maximum(p, least)) - (1 - targets) * np.log(np.maximum(1 - p, least))
    return losses.mean()
