"""It writes into the pictures it was given."""

import numpy as np
from solution import *

LOSES = ("test_mask",)
SAYS = "in place"


def mask(images, share, side, seed):
    count, height, width = images.shape
    rows, columns = height // side, width // side
    order = np.random.default_rng(seed).random((count, rows * columns)).argsort(axis=1).argsort(axis=1)
    hidden = (order < round(share * rows * columns)).reshape(count, rows, columns)
    hidden = hidden.repeat(side, axis=1).repeat(side, axis=2)
    images[hidden] = 0
    return images, hidden
