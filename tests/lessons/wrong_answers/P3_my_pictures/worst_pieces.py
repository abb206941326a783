"""Pieces, and not pictures."""

import numpy as np
from solution import *

LOSES = ("test_worst",)
SAYS = "expected numbers of pictures"


def worst(copies, pieces, owners):
    return np.argsort(-((copies - pieces) ** 2).mean(axis=1))
