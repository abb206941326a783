"""A coin for each square."""

import numpy as np
from solution import *

LOSES = ("test_mask",)
SAYS = "a coin was tossed"


def mask(images, share, side, seed):
    count, height, width = images.shape
    rows, columns = height // side, width // side
    hidden = np.random.default_rng(seed).random((count, rows, columns)) < share
    hidden = hidden.repeat(side, axis=1).repeat(side, axis=2)
    return np.where(hidden, images.dtype.type(0), images), hidden
